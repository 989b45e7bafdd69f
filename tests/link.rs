//! The link codec: what is written is read back, what is wrong is named, and nothing panics.

use gan_playground::catalog::{self, DATASETS, FAMILIES};
use gan_playground::experiment::{
    AVERAGE, BATCH, DISCRIMINATOR, Experiment, Field, GENERATOR, Kind, LATENT, NOISE, Noise, SEED,
};
use gan_playground::link;
use proptest::prelude::*;

fn problems(text: &str) -> Vec<(Option<String>, String)> {
    link::parse(text).1.into_iter().map(|p| (p.field.clone(), p.to_string())).collect()
}

/// What an empty link is.
fn experiment() -> Experiment {
    catalog::experiment(DATASETS[0])
}

#[test]
fn an_empty_link_is_the_default_experiment() {
    for text in ["", "#", "  ", "v=2", "#v=2", "https://example.org/gan/", "https://example.org/gan/?lang=zh#v=2"] {
        assert_eq!(link::parse(text), (experiment(), vec![]), "“{text}”");
    }
    assert_eq!(link::write(&experiment()), "v=2");
    assert_eq!(link::write(&link::parse("v=1").0), "v=1", "an old link keeps its version");
}

#[test]
fn what_names_no_field_is_no_link() {
    for text in ["", "  ", "#", "v=1", "v=9", "#batch=0", "seed=1&colour=blue", "https://example.org/gan/"] {
        assert!(link::is_link(text), "“{text}”");
    }
    for text in ["garbage", "moons", "#colour=blue", "https://example.org/#about", "data:moons"] {
        assert!(!link::is_link(text), "“{text}”");
    }
}

#[test]
fn a_link_is_readable_and_holds_only_what_differs() {
    let text = "v=2&data=moons&objective=minimax&g=128,128,128&glr=0.0005&seed=11&stop=500&engine=cpu";
    for form in
        [text.to_string(), format!("#{text}"), format!("http://127.0.0.1:8080/#{text}"), text.replace(',', "%2C")]
    {
        let (experiment, problems) = link::parse(&form);
        assert_eq!(problems, vec![], "{form}");
        assert_eq!(link::write(&experiment), text, "{form}");
    }
    // What equals the default is left out, and the order does not matter.
    assert_eq!(link::write(&link::parse("seed=9&batch=256&data=ring8").0), "v=2&seed=9");
}

#[test]
fn the_defaults_follow_the_dataset() {
    let (images, _) = link::parse("data=mnist");
    assert_eq!((images.get(&LATENT), images.get(&BATCH), images.get(&GENERATOR.layers)), (32, 64, vec![256, 512]));
    assert_eq!(link::write(&images), "v=2&data=mnist");
    // And the version: an older link keeps its own.
    let (older, _) = link::parse("v=1&data=mnist");
    assert_eq!((older.get(&LATENT), older.player(&GENERATOR).betas, older.get(&AVERAGE)), (100, [0.5, 0.999], 0.0));
    let (grid, _) = link::parse("data=grid25");
    assert_eq!((grid.get(&GENERATOR.rate), grid.get(&DISCRIMINATOR.rate), grid.get(&AVERAGE)), (0.002, 0.002, 0.998));
    // The place of `data` in the link does not matter.
    assert_eq!(link::parse("seed=2&data=mnist").0, link::parse("data=mnist&seed=2").0);
}

#[test]
fn what_is_wrong_is_named_and_the_rest_applies() {
    let cases = [
        ("batch=0", "batch", "from 1 to 1024"),
        ("batch=-3", "batch", "“-3”"),
        ("batch=1e3", "batch", "whole number"),
        ("batch=99999999999999999999999", "batch", "from 1 to 1024"),
        ("glr=NaN", "glr", "“NaN”"),
        ("glr=inf", "glr", "number from"),
        ("glr=1e99", "glr", "number from"),
        ("glr=", "glr", "number from"),
        ("g=64,,64", "g", "widths"),
        ("g=100000", "g", "1 to 1024"),
        ("g=1,1,1,1,1,1,1", "g", "at most 6"),
        ("g=64;64", "g", "widths"),
        ("objective=wgan", "objective", "minimax, nonsaturating, leastsquares"),
        ("data=imagenet", "data", "ring8"),
        ("engine=tpu", "engine", "one of auto"),
        ("seed=9007199254740992", "seed", "9007199254740991"),
        ("stop=soon", "stop", "“soon”"),
        ("colour=blue", "colour", "no field of this name"),
        ("batch", "batch", "whole number"),
        ("seed=1&seed=2", "seed", "more than once"),
        ("v=3", "v", "version “3”"),
        ("v=02", "v", "version “02”"),
        ("%FF%FE=1", "\u{fffd}\u{fffd}", "no field"),
    ];
    for (text, field, says) in cases {
        let found = problems(&format!("{text}&noise=uniform"));
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0].0.as_deref(), Some(field), "{text}");
        assert!(found[0].1.contains(says), "{text}: {}", found[0].1);
        let (experiment, _) = link::parse(&format!("{text}&noise=uniform"));
        assert_eq!(experiment.get(&NOISE), Noise::Uniform, "{text}: the rest applies");
    }
    assert_eq!(link::parse("batch=0").0, experiment());
    // The last of several values counts.
    assert_eq!(link::parse("data=mnist&data=moons").0, link::parse("data=moons").0);
}

#[test]
fn many_problems_stay_readable_and_a_huge_link_is_cut() {
    let many: String = (0..1000).map(|i| format!("f{i}=1&")).collect();
    assert!(problems(&many).len() <= 15);
    let huge = format!("seed=3&x={}", "€".repeat(1_000_000));
    assert_eq!(link::parse(&huge).0.get(&SEED), 3);
    assert!(problems(&huge).iter().all(|(_, message)| message.len() < 300));
}

#[test]
fn a_change_keeps_the_rest_and_an_empty_text_resets() {
    let change = |text, changes: &[(&str, &str)]| {
        let (experiment, problems) = link::change(text, 0, changes.iter().copied());
        assert!(problems.is_empty(), "{problems:?}");
        link::write(&experiment)
    };
    assert_eq!(change("seed=3", &[("g", "32")]), "v=2&g=32&seed=3");
    assert_eq!(change("g=32&seed=3", &[("g", "")]), "v=2&seed=3");
    assert_eq!(change("seed=3", &[("data", "mnist"), ("seed", "4")]), "v=2&data=mnist&seed=4");
    // What a person set stays set when the dataset changes, and what they did not follows the dataset.
    assert_eq!(change("batch=100", &[("data", "mnist")]), "v=2&data=mnist&batch=100");
    let (kept, problems) = link::change("seed=3", 0, [("batch", "0")]);
    assert_eq!((kept.get(&BATCH), kept.get(&SEED), problems.len()), (256, 3, 1));
    // A value with a separator in it cannot smuggle in another field.
    let (kept, problems) = link::change("seed=3", 0, [("batch", "5&seed=9")]);
    assert_eq!((kept.get(&SEED), problems.len()), (3, 1));
}

#[test]
fn a_link_holds_what_was_changed_during_the_run() {
    let text = "v=1&data=moons&300:batch=32&900:glr=0.0002&900:noise=uniform";
    let (experiment, none) = link::parse(text);
    assert_eq!(none, vec![]);
    assert_eq!(
        link::write(&experiment),
        text.replace("900:glr=0.0002&900:noise=uniform", "900:noise=uniform&900:glr=0.0002")
    );
    assert_eq!(experiment.at(899).get(&GENERATOR.rate), 0.001);
    assert_eq!(experiment.at(900).get(&GENERATOR.rate), 0.0002);
    // The order in the link does not matter, and step 0 is the base.
    assert_eq!(link::parse("v=1&900:glr=0.0002&900:noise=uniform&300:batch=32&data=moons").0, experiment);
    assert_eq!(link::parse("0:batch=32").0, link::parse("batch=32").0);
    assert!(link::is_link("900:glr=0.0002") && !link::is_link("900:colour=blue"));
    for (text, field, says) in [
        ("900:seed=4", "900:seed", "cannot change during a run"),
        ("900:stop=4", "900:stop", "cannot change"),
        ("900:batch=0", "900:batch", "from 1 to 1024; it was left out"),
        ("900:colour=blue", "900:colour", "no field of this name"),
        ("-1:batch=4", "-1:batch", "no field of this name"),
        ("9999999999:batch=4", "9999999999:batch", "no field of this name"),
        ("9:batch=4&9:batch=5", "9:batch", "more than once"),
    ] {
        let found = problems(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert!(found[0].0.as_deref() == Some(field) && found[0].1.contains(says), "{text}: {found:?}");
    }
    assert_eq!(link::parse("9:batch=4&9:batch=5").0.at(9).get(&BATCH), 5, "the last value counts");
}

#[test]
fn a_run_is_tuned_by_its_link() {
    let tune = |text, step, changes: &[(&str, &str)]| {
        let (experiment, problems) = link::tune(text, step, changes.iter().copied());
        (link::write(&experiment), problems.len())
    };
    assert_eq!(tune("v=2&seed=3", 900, &[("batch", "32")]), ("v=2&seed=3&900:batch=32".into(), 0));
    assert_eq!(tune("v=2&seed=3", 0, &[("batch", "32")]), ("v=2&batch=32&seed=3".into(), 0));
    assert_eq!(tune("v=2&batch=32", 900, &[("batch", "")]), ("v=2&batch=32&900:batch=256".into(), 0), "its default");
    assert_eq!(tune("v=2&900:batch=32", 900, &[("batch", "256")]), ("v=2".into(), 0), "changed back");
    assert_eq!(tune("v=2&stop=500", 500, &[("stop", ""), ("engine", "cpu")]), ("v=2&engine=cpu".into(), 0));
    assert_eq!(
        tune("v=2", 900, &[("seed", "4"), ("batch", "0"), ("colour", "blue"), ("batch", "8")]),
        ("v=2&900:batch=8".into(), 3)
    );
    // Another run starts with what held, the same run with another seed changes as it did.
    let change = |changes: [(&'static str, &'static str); 1]| {
        link::write(&link::change("v=2&300:batch=32&900:batch=64", 500, changes).0)
    };
    assert_eq!(change([("data", "moons")]), "v=2&data=moons&batch=32");
    assert_eq!(change([("seed", "4")]), "v=2&seed=4&300:batch=32&900:batch=64");
}

#[test]
fn a_long_link_is_cut_between_fields() {
    let filler = "x=1&".repeat(3000);
    for before in 0..12 {
        // The cut falls on every place of the field in turn.
        let start = &filler[..8192 - 12 + before - (8192 - 12 + before) % 4];
        let text = format!("{start}{}seed=123456&batch=32", "y=&".repeat(before % 4));
        let (experiment, problems) = link::parse(&text);
        assert!([7, 123456].contains(&experiment.get(&SEED)), "{before}: {}", experiment.get(&SEED));
        assert!(problems[0].to_string().contains("too long"), "{problems:?}");
    }
    assert_eq!(link::parse(&format!("seed=12&{}", "z".repeat(9000))).0.get(&SEED), 12);
    assert_eq!(link::parse(&"1".repeat(9000)).1.len(), 1, "one name without an end");
}

#[test]
fn an_experiment_behind_a_question_mark_is_read_and_told() {
    for text in ["https://example.org/gan/?v=1&data=moons", "?data=moons&v=1", "https://example.org/?v=1&data=moons#"] {
        let (experiment, problems) = link::parse(text);
        assert_eq!(experiment.data.name, "moons", "{text}");
        assert!(problems[0].to_string().contains("belongs behind “#”"), "{problems:?}");
    }
    assert_eq!(link::parse("https://example.org/?data=moons#seed=4").0.data.name, "ring8", "# comes first");
    assert_eq!(link::parse("https://example.org/?lang=zh").1, vec![]);
}

/// A text that the field takes.
fn text_of(kind: Kind) -> BoxedStrategy<String> {
    match kind {
        Kind::Choice(options) => {
            let values: Vec<String> = options().iter().map(|o| o.value.to_string()).collect();
            proptest::sample::select(values).boxed()
        }
        Kind::Listed => unreachable!("data and family are chosen first"),
        Kind::Integer { min, max } => (min..=max).prop_map(|n| n.to_string()).boxed(),
        Kind::Seed => (0..1_u64 << 53).prop_map(|n| n.to_string()).boxed(),
        Kind::Number { min, max, .. } => (min..=max).prop_map(|x| x.to_string()).boxed(),
        Kind::Classes { count } => proptest::collection::btree_set(0..count, 0..count as usize)
            .prop_map(|places| match places.len() {
                0 => "all".into(),
                _ => places.iter().map(u64::to_string).collect::<Vec<_>>().join(","),
            })
            .boxed(),
        Kind::Pick => proptest::sample::select(vec!["none", "12", "3~255:0.25", "1.4-2.3_5", "7@0:-0.5@63:2@y:3"])
            .prop_map(str::to_owned)
            .boxed(),
        Kind::Layers { max_layers, min, max } => proptest::collection::vec(min..=max, 0..=max_layers)
            .prop_map(|widths| match widths.as_slice() {
                [] => "none".into(),
                widths => widths.iter().map(u64::to_string).collect::<Vec<_>>().join(","),
            })
            .boxed(),
    }
}

/// The fields of a family on the first dataset that it learns, without data and family themselves.
fn own(family: usize) -> Vec<&'static Field> {
    let e = DATASETS.iter().find_map(|data| Experiment::of(2, data, &FAMILIES[family].form).ok()).unwrap();
    e.fields().filter(|field| !matches!(field.kind, Kind::Listed)).collect()
}

/// A family and a text that each of its fields takes.
fn experiments() -> impl Strategy<Value = (usize, Vec<String>)> {
    (0..FAMILIES.len())
        .prop_flat_map(|family| (Just(family), own(family).iter().map(|f| text_of(f.kind)).collect::<Vec<_>>()))
}

fn field_names() -> Vec<&'static str> {
    catalog::fields().iter().map(|f| f.name).collect()
}

/// Of a link that was written: only what another family has may be there to tell.
fn nothing_to_tell(problems: &[link::Problem]) -> bool {
    problems.iter().all(|p| matches!(p.what, gan_playground::message::Message::OtherFamily { .. }))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back((family, texts) in experiments()) {
        let fields = own(family);
        let data = DATASETS.iter().find(|data| Experiment::of(2, data, &FAMILIES[family].form).is_ok()).unwrap();
        let pairs: Vec<String> = fields.iter().zip(&texts).map(|(f, t)| format!("{}={t}", f.name)).collect();
        let base = format!("data={}&family={}", data.name, FAMILIES[family].form.name);
        let (experiment, problems) = link::parse(&format!("{base}&{}", pairs.join("&")));
        prop_assert_eq!(problems, vec![]);
        for (field, text) in fields.iter().zip(&texts) {
            prop_assert_eq!(&experiment.text(field), text);
        }
        let (again, problems) = link::parse(&link::write(&experiment));
        prop_assert_eq!(problems, vec![]);
        prop_assert_eq!(again, experiment);
    }

    #[test]
    fn no_string_panics_and_the_result_is_always_valid(text in ".{0,200}") {
        let (experiment, _) = link::parse(&text);
        let (again, problems) = link::parse(&link::write(&experiment));
        prop_assert!(again == experiment && nothing_to_tell(&problems));
    }

    #[test]
    fn no_nearly_right_link_panics(
        names in proptest::collection::vec(proptest::sample::select(field_names()), 1..6),
        values in proptest::collection::vec("[-0-9a-z,.eE%&=#+ ]{0,24}", 6),
    ) {
        let text: String = names.iter().zip(&values).map(|(n, v)| format!("{n}={v}&")).collect();
        let (experiment, _) = link::parse(&text);
        let (again, problems) = link::parse(&link::write(&experiment));
        prop_assert!(again == experiment && nothing_to_tell(&problems));
        let (changed, _) = link::change(&text, 7, [(names[0], values[0].as_str())]);
        prop_assert!(nothing_to_tell(&link::parse(&link::write(&changed)).1));
    }
}

#[test]
fn every_family_has_defaults_within_the_ranges_on_all_data_that_it_learns() {
    for family in FAMILIES {
        for defaults in DATASETS.iter().filter_map(|data| Experiment::of(2, data, &family.form).ok()) {
            let pairs: Vec<String> = defaults.fields().map(|f| format!("{}={}", f.name, defaults.text(f))).collect();
            let (read, problems) = link::parse(&pairs.join("&"));
            assert_eq!((read, problems), (defaults, vec![]), "{}", family.form.name);
        }
    }
}

#[test]
fn a_family_that_cannot_learn_the_data_brings_its_own() {
    let (experiment, problems) = link::parse("family=dcgan");
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(experiment.data.name, "mnist");
    let (experiment, problems) = link::change("data=moons&seed=5", 0, [("family", "dcgan")]);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(link::write(&experiment), "v=2&data=mnist&family=dcgan&seed=5");
    // Data that are named come first.
    let (experiment, problems) = link::parse("data=moons&family=dcgan");
    assert_eq!((experiment.data.name, experiment.form.name, problems.len()), ("moons", "gan", 1));
}
