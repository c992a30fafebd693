//! The door: the command line.
fn main() {}
