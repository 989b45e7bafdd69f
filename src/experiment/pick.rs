//! A sample that somebody looks at: which code it is made from, as a short text.
//!
//! Everything is counted from 0. Codes are numbered: the sample `12` is the one in that place of a sheet, made from noise that never
//! changes during a run. Others are put together from these: `12~31:0.4` lies on the way from one to another, and `1.4.7-2.3_5` is the
//! mean of some, less the mean of others, and the mean of still others. `@3:-0.5` sets a number of a code, the one in that place,
//! and `@y:7` asks for a class.

use super::Noise;
use super::field::{Effect, Field, Group, Kind, Typed, pick};
use crate::text::text;

/// Numbered codes, from 0.
pub const NUMBERED: usize = 256;
/// Codes in a mean, at most, and numbers of a code that are moved.
const MOST: usize = 16;
/// How far a number of a code may be moved from 0.
const REACH: f32 = 8.0;
/// Numbers that a code may have.
const COLUMNS: usize = 256;
/// Classes that may be asked for.
const CLASSES: usize = 64;

/// The sample that is looked at by hand.
pub static LOOK: Typed<Option<Pick>> = pick(Field {
    name: "look",
    title: text("Sample by hand", "手选样本"),
    about: text(
        "The sample that is looked at: its number, or how its code is put together.",
        "正在查看的样本：它的编号，或者它的编码如何组成。",
    ),
    group: Group::Hand,
    kind: Kind::Pick,
    default: "none",
    only: &[],
    effect: Effect::Free,
});

/// A code that is put together from numbered ones.
#[derive(Clone, Debug, PartialEq)]
pub struct Pick {
    base: Base,
    moved: Vec<(usize, f32)>,
    class: Option<usize>,
}

#[derive(Clone, Debug, PartialEq)]
enum Base {
    /// One of them.
    One(usize),
    /// On the way from one to another, and how far.
    Between(usize, usize, f32),
    /// A mean, less another, and another.
    Sum([Vec<usize>; 3]),
}

impl Pick {
    /// What a text says; `None` if it is no such text.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('@');
        let base = Base::parse(parts.next()?)?;
        let (mut moved, mut class) = (Vec::new(), None);
        for part in parts {
            let (name, value) = part.split_once(':')?;
            if name == "y" {
                class = Some(value.parse().ok().filter(|&y| y < CLASSES)?);
                continue;
            }
            let place: usize = name.parse().ok().filter(|&k| k < COLUMNS)?;
            let value: f32 = value.parse().ok().filter(|x: &f32| x.abs() <= REACH)?;
            moved.retain(|&(k, _)| k != place);
            moved.push((place, value));
        }
        moved.sort_by_key(|&(k, _)| k);
        (moved.len() <= MOST).then_some(Self { base, moved, class })
    }

    /// Its text.
    pub fn text(&self) -> String {
        let mut text = self.base.text();
        for (place, value) in &self.moved {
            text += &format!("@{place}:{value}");
        }
        if let Some(class) = self.class {
            text += &format!("@y:{class}");
        }
        text
    }

    /// The class that is asked for, of so many: the one named, or that in whose turn the first of its codes is.
    pub fn class(&self, classes: usize) -> usize {
        let first = match &self.base {
            Base::One(n) | Base::Between(n, ..) => *n,
            Base::Sum([plus, ..]) => plus[0],
        };
        self.class.unwrap_or(first) % classes.max(1)
    }

    /// The code, from the numbered ones, rows of `columns`. Between two codes of a Gaussian the way is an arc, on which every code is as
    /// long as such codes are (White 2016, arXiv 1609.04468); of any other law it is straight.
    pub fn code(&self, codes: &[f32], columns: usize, law: Noise) -> Vec<f32> {
        let rows = (codes.len() / columns.max(1)).max(1);
        let row = |n: usize| &codes[n % rows * columns..(n % rows + 1) * columns];
        let mut code = match &self.base {
            Base::One(n) => row(*n).to_vec(),
            Base::Between(from, to, share) => between(row(*from), row(*to), *share, law),
            Base::Sum(means) => {
                let signs = [1.0, -1.0, 1.0];
                let sum = |k: usize| -> f64 {
                    let mean =
                        |of: &Vec<usize>| of.iter().map(|&n| f64::from(row(n)[k])).sum::<f64>() / of.len() as f64;
                    means.iter().zip(signs).map(|(of, sign)| sign * mean(of)).sum()
                };
                (0..columns).map(|k| sum(k) as f32).collect()
            }
        };
        for &(place, value) in &self.moved {
            if let Some(number) = code.get_mut(place) {
                *number = value;
            }
        }
        code
    }
}

impl Base {
    fn parse(text: &str) -> Option<Self> {
        let one = |text: &str| text.parse::<usize>().ok().filter(|&n| n < NUMBERED);
        let mean = |text: &str| -> Option<Vec<usize>> {
            let all: Option<Vec<usize>> = text.split('.').map(one).collect();
            all.filter(|all| all.len() <= MOST)
        };
        if let Some((from, rest)) = text.split_once('~') {
            let (to, share) = rest.split_once(':')?;
            let share = share.parse::<f32>().ok().filter(|t| (0.0..=1.0).contains(t))?;
            return Some(Self::Between(one(from)?, one(to)?, share));
        }
        match text.split_once('-') {
            Some((plus, rest)) => {
                let (minus, more) = rest.split_once('_')?;
                Some(Self::Sum([mean(plus)?, mean(minus)?, mean(more)?]))
            }
            None => one(text).map(Self::One),
        }
    }

    fn text(&self) -> String {
        let mean = |of: &Vec<usize>| of.iter().map(usize::to_string).collect::<Vec<_>>().join(".");
        match self {
            Self::One(n) => n.to_string(),
            Self::Between(from, to, share) => format!("{from}~{to}:{share}"),
            Self::Sum([plus, minus, more]) => format!("{}-{}_{}", mean(plus), mean(minus), mean(more)),
        }
    }
}

/// On the way from `a` to `b`.
fn between(a: &[f32], b: &[f32], share: f32, law: Noise) -> Vec<f32> {
    let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum::<f64>();
    let t = f64::from(share);
    let lengths = libm::sqrt(dot(a, a) * dot(b, b));
    let angle = libm::acos((dot(a, b) / lengths).clamp(-1.0, 1.0));
    let sine = libm::sin(angle);
    // Codes that point the same way, or straight away from each other, have no arc.
    let is_arc = law == Noise::Gaussian && a.len() > 1 && sine > 1e-6;
    let [u, v] = if is_arc { [libm::sin((1.0 - t) * angle) / sine, libm::sin(t * angle) / sine] } else { [1.0 - t, t] };
    a.iter().zip(b).map(|(&a, &b)| (u * f64::from(a) + v * f64::from(b)) as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str, codes: &[f32], columns: usize) -> Vec<f32> {
        Pick::parse(text).unwrap().code(codes, columns, Noise::Gaussian)
    }

    #[test]
    fn texts_are_read_as_they_are_written() {
        for text in ["12", "0~255:0.25", "1.4.7-2.3_5", "12@0:-0.5@7:2@y:3", "3~4:1@y:0", "1-2_3@0:8"] {
            assert_eq!(Pick::parse(text).map(|pick| pick.text()).as_deref(), Some(text));
        }
        assert_eq!(Pick::parse("5@2:1@0:3@2:-1").unwrap().text(), "5@0:3@2:-1");
        for wrong in [
            "", "256", "-1", "x", "1~2", "1~2:1.5", "1~2:NaN", "1-2", "1_2", "1.-2_3", "1@", "1@0", "1@0:9", "1@256:0",
            "1@y:x", "1@0:inf",
        ] {
            assert_eq!(Pick::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn codes_are_put_together_as_written() {
        let codes = [1.0, 0.0, 0.0, 1.0, 3.0, 3.0, 5.0, 1.0];
        assert_eq!(code("1", &codes, 2), [0.0, 1.0]);
        assert_eq!(code("1@0:2.5", &codes, 2), [2.5, 1.0]);
        // (1, 0) and (5, 1) are (3, .5) on average.
        assert_eq!(code("0.3-1_2", &codes, 2), [6.0, 2.5]);
        // Beyond the last one counts from the first; a number that a code lacks is not moved.
        assert_eq!(code("5@7:1", &codes, 2), [0.0, 1.0]);
    }

    #[test]
    fn a_way_between_two_begins_and_ends_there_and_keeps_its_length() {
        let codes = [1.0, 0.0, 0.0, 1.0];
        for (share, expected) in [("0", [1.0, 0.0]), ("1", [0.0, 1.0])] {
            let found = code(&format!("0~1:{share}"), &codes, 2);
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-6), "{found:?}");
        }
        let half = code("0~1:0.5", &codes, 2);
        assert!((half[0] - std::f32::consts::FRAC_1_SQRT_2).abs() < 1e-6 && half[0] == half[1], "{half:?}");
        let straight = Pick::parse("0~1:0.5").unwrap().code(&codes, 2, Noise::Uniform);
        assert_eq!(straight, [0.5, 0.5]);
        assert_eq!(code("0~0:0.3", &codes, 2), [1.0, 0.0]);
        let opposite = code("0~1:0.5", &[1.0, 0.0, -1.0, 0.0], 2);
        assert!(opposite.iter().all(|x| x.is_finite()), "{opposite:?}");
    }

    #[test]
    fn a_class_is_the_one_asked_for_or_that_of_its_turn() {
        let class = |text: &str| Pick::parse(text).unwrap().class(10);
        assert_eq!([class("13"), class("13@y:7"), class("21~3:0.5"), class("7.2-1_3")], [3, 7, 1, 7]);
    }
}
