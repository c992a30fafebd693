//! Who asks, and what may they do?

mod actor;
pub mod api_token;
pub mod claims;
pub mod entitlement;
mod permission;
mod role;

pub use actor::{Actor, Bearer, Catalogues, Person};
pub use permission::{Decision, RecordFacts, Wish, may};
pub use role::Role;
