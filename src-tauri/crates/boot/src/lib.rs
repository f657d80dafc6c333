//! Settings to a running application made of real parts.
