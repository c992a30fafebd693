//! Who asks, and what may they do?

mod actor;
pub mod api_token;
pub mod claims;
pub mod entitlement;
mod jwt;
pub mod local;
pub mod membership;
mod oidc;
mod permission;
mod role;
pub mod sign_in;
mod visa;

pub use actor::{Actions, Actor, Bearer, Catalogues, Grant, Person};
pub use oidc::OidcError;
pub use permission::{Decision, RecordFacts, Wish, may};
pub use role::Role;
pub use sign_in::{SignIn, SignInError};
