//! How many of the 405 points of data.europa.eu's metadata quality assessment does a data set reach?
//!
//! Points and lists are those of the portal (<https://data.europa.eu/mqa/methodology>). What a data set
//! has in several distributions counts once: the best of them decides. Two things differ here, because
//! nothing is fetched: an access address counts when it is given and one of the web (the portal also
//! wants an answer from it), and whether a download address answers is not measured.

use super::Outcome;
use super::evidence::{Evidence, Trait};
use super::property::Property;

/// All points.
pub const POINTS_MAX: u16 = 405;

/// What a group of metrics is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Findability,
    Accessibility,
    Interoperability,
    Reusability,
    Contextuality,
}

impl Dimension {
    pub const ALL: [Self; 5] = [
        Self::Findability,
        Self::Accessibility,
        Self::Interoperability,
        Self::Reusability,
        Self::Contextuality,
    ];

    /// The word for programs, and the last part of its address.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Findability => "findability",
            Self::Accessibility => "accessibility",
            Self::Interoperability => "interoperability",
            Self::Reusability => "reusability",
            Self::Contextuality => "contextuality",
        }
    }

    /// The most points that it can give.
    pub fn points_max(self) -> u16 {
        let own = METRICS.iter().filter(|metric| metric.dimension == self);
        own.map(|metric| metric.points).sum()
    }
}

/// How good a score is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Band {
    Excellent,
    Good,
    Sufficient,
    Bad,
}

impl Band {
    /// The best first.
    pub const ALL: [Self; 4] = [Self::Excellent, Self::Good, Self::Sufficient, Self::Bad];

    pub fn of(score: u16) -> Self {
        let reached = Self::ALL.into_iter().find(|band| score >= band.from());
        reached.unwrap_or(Self::Bad)
    }

    /// The least score that it holds.
    pub fn from(self) -> u16 {
        match self {
            Self::Excellent => 351,
            Self::Good => 221,
            Self::Sufficient => 121,
            Self::Bad => 0,
        }
    }

    /// The word for programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Sufficient => "sufficient",
            Self::Bad => "bad",
        }
    }
}

/// One thing that gives points.
#[derive(Debug, PartialEq, Eq)]
pub struct Metric {
    pub id: &'static str,
    pub dimension: Dimension,
    pub points: u16,
    /// The property whose values decide; `None` when it is the whole record.
    pub property: Option<Property>,
    needs: Needs,
}

/// What a metric asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// The data set has the property.
    Record,
    /// The data set or one of its distributions has it.
    Anywhere,
    /// A value says something beyond being there.
    Value(Trait),
    /// The mandatory rules of DCAT-AP are kept.
    European,
    /// An answer from outside, which nobody asks for here.
    Outside,
}

const fn metric(
    id: &'static str,
    dimension: Dimension,
    points: u16,
    property: Property,
    needs: Needs,
) -> Metric {
    Metric {
        id,
        dimension,
        points,
        property: Some(property),
        needs,
    }
}

/// The portal's metrics in its order.
pub(super) static METRICS: [Metric; 23] = {
    use Dimension::{Accessibility, Contextuality, Findability, Interoperability, Reusability};
    use Needs::{Anywhere, European, Outside, Record, Value};
    use Property as P;
    [
        metric("keyword", Findability, 30, P::Keyword, Record),
        metric("theme", Findability, 30, P::Theme, Record),
        metric("spatial", Findability, 20, P::Spatial, Record),
        metric("temporal", Findability, 20, P::Temporal, Record),
        metric(
            "accessURL",
            Accessibility,
            50,
            P::AccessUrl,
            Value(Trait::AccessAddress),
        ),
        metric("downloadURL", Accessibility, 20, P::DownloadUrl, Anywhere),
        metric(
            "downloadURLAnswers",
            Accessibility,
            30,
            P::DownloadUrl,
            Outside,
        ),
        metric("format", Interoperability, 20, P::Format, Anywhere),
        metric("mediaType", Interoperability, 10, P::MediaType, Anywhere),
        metric(
            "formatListed",
            Interoperability,
            10,
            P::Format,
            Value(Trait::FormatListed),
        ),
        metric(
            "formatOpen",
            Interoperability,
            20,
            P::Format,
            Value(Trait::FormatOpen),
        ),
        metric(
            "formatReadable",
            Interoperability,
            20,
            P::Format,
            Value(Trait::FormatReadable),
        ),
        Metric {
            id: "dcatAp",
            dimension: Interoperability,
            points: 30,
            property: None,
            needs: European,
        },
        metric("licence", Reusability, 20, P::License, Anywhere),
        metric(
            "licenceListed",
            Reusability,
            10,
            P::License,
            Value(Trait::LicenceListed),
        ),
        metric("accessRights", Reusability, 10, P::AccessRights, Record),
        metric(
            "accessRightsListed",
            Reusability,
            5,
            P::AccessRights,
            Value(Trait::AccessRightsListed),
        ),
        metric("contactPoint", Reusability, 20, P::ContactPoint, Record),
        metric("publisher", Reusability, 10, P::Publisher, Record),
        metric("rights", Contextuality, 5, P::Rights, Anywhere),
        metric("byteSize", Contextuality, 5, P::ByteSize, Anywhere),
        metric("issued", Contextuality, 5, P::Issued, Anywhere),
        metric("modified", Contextuality, 5, P::Modified, Anywhere),
    ]
};

/// File types that belong to nobody (data.europa.eu, non-proprietary formats).
pub(super) const OPEN_FORMATS: &[&str] = &[
    "BMP",
    "CSV",
    "DBF",
    "ETSI_XML",
    "GEOJSON",
    "GPKG",
    "GZIP",
    "HTML",
    "ICS",
    "JPEG2000",
    "JSON",
    "JSON_LD",
    "KML",
    "KMZ",
    "NETCDF",
    "ODS",
    "PNG",
    "RDF_N_QUADS",
    "RDF_N_TRIPLES",
    "RDF_TRIG",
    "RDF_TURTLE",
    "RDF_XML",
    "RSS",
    "RTF",
    "TAR",
    "TIFF",
    "TSV",
    "TXT",
    "WMS_SRVC",
    "XML",
    "ZIP",
];

/// File types that are made for machines (data.europa.eu, machine-readable formats).
pub(super) const READABLE_FORMATS: &[&str] = &[
    "CSV",
    "GEOJSON",
    "ICS",
    "JSON",
    "JSON_LD",
    "KML",
    "KMZ",
    "NETCDF",
    "ODS",
    "RDFA",
    "RDF_N_QUADS",
    "RDF_N_TRIPLES",
    "RDF_TRIG",
    "RDF_TURTLE",
    "RDF_XML",
    "RSS",
    "SHP",
    "XLS",
    "XLSX",
    "XML",
];

/// The score of a data set, metric by metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mqa {
    met: u32,
}

impl Mqa {
    /// The points of all dimensions.
    pub fn score(self) -> u16 {
        self.sum(|_| true)
    }

    pub fn band(self) -> Band {
        Band::of(self.score())
    }

    pub fn points(self, dimension: Dimension) -> u16 {
        self.sum(|metric| metric.dimension == dimension)
    }

    /// Every metric and how it stands.
    pub fn metrics(self) -> impl Iterator<Item = (&'static Metric, Outcome)> {
        METRICS.iter().enumerate().map(move |(at, metric)| {
            let outcome = match metric.needs {
                Needs::Outside => Outcome::NotMeasured,
                _ => Outcome::of(self.is_met(at)),
            };
            (metric, outcome)
        })
    }

    fn is_met(self, at: usize) -> bool {
        self.met & (1 << at) != 0
    }

    fn sum(self, wanted: impl Fn(&Metric) -> bool) -> u16 {
        let all = METRICS.iter().enumerate();
        all.filter(|(at, metric)| self.is_met(*at) && wanted(metric))
            .map(|(_, metric)| metric.points)
            .sum()
    }
}

impl Evidence<'_> {
    /// The score of a data set; the portal scores nothing else.
    pub fn mqa(&self) -> Option<Mqa> {
        if !self.kind.is_dataset {
            return None;
        }
        let mut met = 0;
        for (at, metric) in METRICS.iter().enumerate() {
            if self.meets(metric) {
                met |= 1 << at;
            }
        }
        Some(Mqa { met })
    }

    fn meets(&self, metric: &Metric) -> bool {
        match (metric.needs, metric.property) {
            (Needs::Record, Some(property)) => self.has(property),
            (Needs::Anywhere, Some(property)) => self.has_anywhere(property),
            (Needs::Value(one), _) => self.is(one),
            (Needs::European, _) => self.is_european(),
            (Needs::Outside | Needs::Record | Needs::Anywhere, _) => false,
        }
    }
}
