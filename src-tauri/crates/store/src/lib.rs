//! SQLite behind the journal and repository ports.
