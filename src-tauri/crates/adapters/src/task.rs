//! Programs and HTTP calls as tasks.
