//! What does the server do, and how well? Numbers for the operator, without names of people.

pub mod metrics;

pub use metrics::{MEDIA_TYPE, Metrics, QueryEnd, Request, RunningQuery};
