//! Where in the body do the collections lie: the anatomical plate of the home page.

use super::chart::{Bar, share};

/// The plate: a figure with a mark for each part of the body and a line to its name.
#[derive(Debug, Clone, Default)]
pub struct BodyFigure {
    /// The marks, each with its label placed.
    pub marks: Vec<BodyMark>,
}

/// A part of the body on the plate.
#[derive(Debug, Clone, Default)]
pub struct BodyMark {
    /// The name of the part.
    pub label: String,
    /// How many collections show it.
    pub count: u64,
    /// The search for it.
    pub href: String,
    /// The middle of the mark.
    pub x: i32,
    /// The middle of the mark.
    pub y: i32,
    /// The radius of the mark.
    pub radius: u64,
    /// Whether the label stands at the left of the plate.
    pub left: bool,
    /// The height at which the label stands.
    pub label_y: i32,
}

/// A part of the body that the plate can show: words that name it, where it lies, where its label stands.
struct Region {
    words: &'static [&'static str],
    x: i32,
    y: i32,
    left: bool,
}

const fn region(words: &'static [&'static str], x: i32, y: i32, left: bool) -> Region {
    Region { words, x, y, left }
}

/// The first region with a word that starts a word of the label wins, so the narrow ones stand first.
const REGIONS: &[Region] = &[
    region(&["brain", "intracranial", "cerebr"], 200, 30, false),
    region(&["breast", "mamma"], 228, 146, false),
    region(&["lung", "bronch"], 168, 134, true),
    region(&["thyroid"], 200, 84, false),
    region(
        &["head", "neck", "oral", "larynx", "pharynx"],
        200,
        62,
        true,
    ),
    region(&["oesophagus", "esophagus"], 200, 112, false),
    region(&["liver", "hepat"], 176, 190, true),
    region(&["pancrea"], 210, 206, false),
    region(&["stomach", "gastric"], 220, 188, false),
    region(&["spleen"], 236, 196, false),
    region(&["adrenal"], 222, 202, false),
    region(&["kidney", "renal"], 226, 220, false),
    region(&["colon", "intestin", "bowel"], 166, 244, true),
    region(&["rectum", "colorect", "rectal"], 192, 297, true),
    region(&["cervix"], 198, 282, true),
    region(&["uter", "endometr"], 199, 272, true),
    region(&["ovar"], 218, 270, false),
    region(&["prostat"], 207, 299, false),
    region(&["bladder"], 206, 284, false),
    region(&["pelvi"], 170, 270, true),
    region(&["heart", "cardiac"], 210, 154, false),
    region(&["chest", "thora"], 200, 120, true),
    region(&["abdom"], 200, 236, true),
    region(&["spine", "vertebra"], 200, 252, false),
    region(&["skin"], 104, 262, true),
    region(&["bone", "skelet", "femur"], 236, 356, false),
    region(&["limb", "leg", "thigh"], 166, 364, true),
    region(&["lymph"], 148, 118, true),
];

const TOP: i32 = 26;
const BOTTOM: i32 = 388;
const LABEL_GAP: i32 = 38;
const LABELS_PER_SIDE_MAX: usize = 9;
const RADIUS_MIN: u64 = 4;
const RADIUS_STEPS: u64 = 8;

impl BodyFigure {
    /// Places the bars whose English label names a part of the body; the others stay in the chart beside it.
    /// Where several bars fall on the same part, the largest speaks for it.
    pub fn new(bars: &[Bar]) -> Self {
        let highest = bars.iter().map(|bar| bar.count).max().unwrap_or(0);
        let mut largest_first: Vec<&Bar> = bars.iter().filter(|bar| bar.count > 0).collect();
        largest_first.sort_by_key(|bar| std::cmp::Reverse(bar.count));
        let mut taken = vec![false; REGIONS.len()];
        let mut marks = Vec::new();
        for bar in largest_first {
            let Some(at) = region_of(&bar.label.value) else {
                continue;
            };
            let side = |mark: &&BodyMark| mark.left == REGIONS[at].left;
            let full = marks.iter().filter(side).count() >= LABELS_PER_SIDE_MAX;
            if !std::mem::replace(&mut taken[at], true) && !full {
                marks.push(mark(bar, &REGIONS[at], highest));
            }
        }
        place_labels(&mut marks, true);
        place_labels(&mut marks, false);
        marks.sort_by_key(|mark| (!mark.left, mark.label_y));
        Self { marks }
    }
}

fn mark(bar: &Bar, region: &Region, highest: u64) -> BodyMark {
    BodyMark {
        label: short(&bar.label.value),
        count: bar.count,
        href: bar.href.clone(),
        x: region.x,
        y: region.y,
        radius: RADIUS_MIN + share(bar.count, highest, RADIUS_STEPS),
        left: region.left,
        label_y: region.y,
    }
}

/// «Breast structure» is «Breast» on a plate.
fn short(label: &str) -> String {
    let short = label.trim_end_matches(" structure");
    match short.char_indices().nth(18) {
        Some((end, _)) => format!("{}…", &short[..end]),
        None => short.to_owned(),
    }
}

fn region_of(label: &str) -> Option<usize> {
    let label = label.to_lowercase();
    let words: Vec<&str> = label
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .collect();
    REGIONS.iter().position(|region| {
        let names = |word: &&str| region.words.iter().any(|start| word.starts_with(start));
        words.iter().any(names)
    })
}

/// Spreads the labels of one side so that none covers another.
fn place_labels(marks: &mut [BodyMark], left: bool) {
    let mut side: Vec<&mut BodyMark> = marks.iter_mut().filter(|mark| mark.left == left).collect();
    side.sort_by_key(|mark| mark.y);
    let mut free = TOP;
    for mark in &mut side {
        mark.label_y = mark.label_y.max(free);
        free = mark.label_y + LABEL_GAP;
    }
    let mut limit = BOTTOM;
    for mark in side.iter_mut().rev() {
        mark.label_y = mark.label_y.min(limit);
        limit = mark.label_y - LABEL_GAP;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::pages::text::Text;

    fn bar(label: &str, count: u64) -> Bar {
        Bar {
            label: Text::plain(label),
            count,
            href: format!("/search?body_part={label}"),
        }
    }

    #[test]
    fn the_largest_of_several_names_speaks_for_a_part() {
        let figure = BodyFigure::new(&[bar("Breast", 3), bar("Breast structure", 12)]);
        assert_eq!(figure.marks.len(), 1);
        assert_eq!(figure.marks[0].count, 12);
        assert_eq!(figure.marks[0].label, "Breast");
    }

    #[test]
    fn labels_of_one_side_keep_their_distance() {
        let parts = [
            "Liver",
            "Lung structure",
            "Colon",
            "Rectum",
            "Uterus",
            "Cervix uteri",
            "Pelvis",
        ];
        let bars: Vec<Bar> = parts.iter().map(|part| bar(part, 2)).collect();
        let figure = BodyFigure::new(&bars);
        let heights: Vec<i32> = figure
            .marks
            .iter()
            .filter(|mark| mark.left)
            .map(|mark| mark.label_y)
            .collect();
        assert_eq!(heights.len(), 7);
        assert!(
            heights
                .windows(2)
                .all(|pair| pair[1] - pair[0] >= LABEL_GAP)
        );
        assert!(heights.iter().all(|height| (TOP..=BOTTOM).contains(height)));
    }

    #[test]
    fn what_is_no_part_of_the_body_is_left_to_the_chart() {
        assert!(BodyFigure::new(&[bar("Unspecified", 9)]).marks.is_empty());
        assert!(BodyFigure::new(&[bar("", 9)]).marks.is_empty());
    }
}
