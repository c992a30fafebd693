//! The vocabularies we speak, one file each: a constant for each term used in code.

pub mod activity;
pub mod adms;
pub mod altr;
pub mod authority;
pub mod csvw;
pub mod cv;
pub mod dash;
pub mod datacite;
pub mod dcat;
pub mod dcatap;
pub mod dct;
pub mod dpv;
pub mod dqv;
pub mod earl;
pub mod eucaim;
pub mod fdp;
pub mod foaf;
pub mod geodcatap;
pub mod healthdcatap;
pub mod hydra;
pub mod ldes;
pub mod ldp;
pub mod odrl;
pub mod owl;
pub mod prof;
pub mod prov;
pub mod r3d;
pub mod rdf;
pub mod rdfs;
pub mod schema;
pub mod sd;
pub mod sh;
pub mod skos;
pub mod spdx;
pub mod tree;
pub mod vcard;
pub mod void;
pub mod vs;
pub mod xsd;

/// Prefixes of every document we write.
pub const PREFIXES: &[(&str, &str)] = &[
    ("rdf", rdf::NAMESPACE),
    ("rdfs", rdfs::NAMESPACE),
    ("xsd", xsd::NAMESPACE),
    ("owl", owl::NAMESPACE),
    ("skos", skos::NAMESPACE),
    ("dcat", dcat::NAMESPACE),
    ("dct", dct::NAMESPACE),
    ("dcatap", dcatap::NAMESPACE),
    ("healthdcatap", healthdcatap::NAMESPACE),
    ("eucaim", eucaim::NAMESPACE),
    ("dpv", dpv::NAMESPACE),
    ("dqv", dqv::NAMESPACE),
    ("cv", cv::NAMESPACE),
    ("geodcatap", geodcatap::NAMESPACE),
    ("adms", adms::NAMESPACE),
    ("prov", prov::NAMESPACE),
    ("odrl", odrl::NAMESPACE),
    ("spdx", spdx::NAMESPACE),
    ("foaf", foaf::NAMESPACE),
    ("vcard", vcard::NAMESPACE),
    ("csvw", csvw::NAMESPACE),
    ("ldp", ldp::NAMESPACE),
    ("fdp-o", fdp::NAMESPACE),
    ("datacite", datacite::NAMESPACE),
    ("sh", sh::NAMESPACE),
    ("prof", prof::NAMESPACE),
    ("void", void::NAMESPACE),
];

/// An IRI written with one of our prefixes, when it can be.
pub fn short(iri: &str) -> Option<String> {
    PREFIXES.iter().find_map(|(prefix, namespace)| {
        let local = iri.strip_prefix(namespace)?;
        let is_plain = !local.is_empty() && !local.contains(['/', '#', '?']);
        is_plain.then(|| format!("{prefix}:{local}"))
    })
}

/// The IRI behind a name in full, or with one of our prefixes.
pub fn expanded(name: &str) -> Option<oxrdf::NamedNode> {
    if name.contains("://") {
        return oxrdf::NamedNode::new(name).ok();
    }
    let (prefix, local) = name.split_once(':')?;
    let (_, namespace) = PREFIXES.iter().find(|(known, _)| *known == prefix)?;
    oxrdf::NamedNode::new(format!("{namespace}{local}")).ok()
}
