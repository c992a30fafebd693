//! How much one set of shapes may ask of us: every bound has a name and ends in an error.

/// Members of one list in the shapes (`sh:in`, `sh:and`, a sequence path).
pub(super) const LIST_LENGTH_MAX: usize = 100_000;
/// How deep shapes may refer to shapes.
pub(super) const NESTING_DEPTH_MAX: usize = 64;
/// How deep a path may be built of paths.
pub(super) const PATH_DEPTH_MAX: usize = 32;
/// Parts of one path.
pub(super) const PATH_PARTS_MAX: usize = 1_000;
/// Bytes of a compiled regular expression.
pub(super) const REGEX_SIZE_BYTES_MAX: usize = 4 << 20;
/// Bytes of a SPARQL query in the shapes.
pub(super) const QUERY_SIZE_BYTES_MAX: usize = 64 << 10;
/// How deep the braces and brackets of a SPARQL query may nest.
pub(super) const QUERY_DEPTH_MAX: usize = 32;
/// Operators, and words that combine patterns, in a SPARQL query.
pub(super) const QUERY_OPERATORS_MAX: usize = 500;

/// What one validation may cost. The defaults suit one record or a file of many.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Shapes tried on nodes.
    pub checks_max: u64,
    /// Nodes visited while walking paths and class hierarchies.
    pub path_steps_max: u64,
    /// Results in the report.
    pub results_max: usize,
    /// Triples read by SPARQL constraints.
    pub sparql_steps_max: u64,
    /// Terms that a SPARQL expression may create.
    pub sparql_rows_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            checks_max: 200_000_000,
            path_steps_max: 500_000_000,
            results_max: 1_000_000,
            sparql_steps_max: 20_000_000,
            sparql_rows_max: 1_000_000,
        }
    }
}
