//! The SPARQL-based half of SHACL (§5, §6): constraints, components, pre-binding.

pub(super) mod component;
pub(super) mod constraint;
mod dataset;
mod prebinding;
mod query;
