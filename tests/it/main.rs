//! What does the server promise to those outside? One file for each promise; `support` holds the server, its people
//! and their records.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails, and says where"
)]
#![expect(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::naive_bytecount,
    clippy::cloned_ref_to_slice_refs,
    reason = "tests are read more often than they are run"
)]

mod access;
mod advice;
mod audit;
mod bad_input;
mod batch;
mod clients;
mod command_line;
mod compare;
mod conformance_fdp;
mod doi;
mod drafts_do_not_leak;
mod exports;
mod facets_agree;
mod fair_data_point;
mod fdp_client;
mod fdp_index;
mod federation_shapes;
mod feeds;
mod forms;
mod fuzz;
mod harvesters;
mod history;
mod hub;
mod import_fdp;
mod linked_data;
mod lossless;
mod machines;
mod migrate;
mod mutants;
mod nothing_is_lost;
mod notify;
mod oai;
mod ontology;
mod openapi;
mod operator_profiles;
mod pages;
mod people;
mod permission;
mod profiles;
mod protocol;
mod published_shapes;
mod quality;
mod reconciler;
mod reference_client;
mod renditions;
mod results;
mod review;
mod search;
mod second_provider;
mod shapes;
mod sheets;
mod sign_in;
mod sparql;
mod sparql_budgets;
mod sparql_services;
mod statistics;
mod succession;
mod support;
mod switching;
mod tls;
mod truth;
