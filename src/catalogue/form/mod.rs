//! How is a record written by hand? Forms made from the shapes, and what stands in them.
//!
//! A [`Form`] is compiled from a profile for one class. A [`Sheet`] is a form that somebody is filling in:
//! [`Form::fill`] makes it from a record, [`Form::read`] makes the record from it again. What the form has no field
//! for stays beside it as «other statements», so that nothing is lost on the way: a sheet that was not touched
//! gives the graph that it was made from.

mod compile;
mod entry;
mod fill;
mod foreign;
mod model;
mod read;
mod value;

pub(super) use compile::form;
pub use entry::{Node, PAIRS_MAX, Row, Sheet, prefixed};
pub(super) use foreign::for_clients;
pub use model::{Field, Form, Group, Input, NODE_DEPTH_MAX, Nested};
pub use read::{Placed, Reading};
pub use value::{shown, understood};
