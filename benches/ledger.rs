//! How many changes does the ledger take per second, and how many bytes does a record cost on disk?
fn main() {}
