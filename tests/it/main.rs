//! What does the server promise to those outside? One file for each promise; `support` holds the server, its people
//! and their records.

mod bad_input;
mod command_line;
mod drafts_do_not_leak;
mod linked_data;
mod lossless;
mod nothing_is_lost;
mod openapi;
mod pages;
mod permission;
mod search;
mod shapes;
mod sparql;
mod support;
