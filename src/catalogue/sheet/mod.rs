//! How do records look as rows of a spreadsheet, and how do rows become records?
//!
//! The columns come from a profile's shapes ([`table`]), a cell means a value and back ([`cell`]), a record is rows and back
//! ([`row`], [`rows`]); a file of sheets is read ([`book`], [`csv`], [`xlsx`]), understood ([`layout`]) and stored whole or not at all
//! ([`upload`]).

pub mod book;
pub mod cell;
pub mod csv;
pub mod download;
pub mod layout;
pub mod row;
pub mod rows;
pub mod table;
pub mod upload;
pub mod words;
pub mod xlsx;

use std::collections::HashMap;
use std::sync::Arc;

pub use book::{Book, BookError};
pub use table::Table;
pub use upload::{Checkup, Wanted};

/// The tables that were made, by profile.
pub type Kept = parking_lot::Mutex<HashMap<String, Arc<Vec<Table>>>>;
