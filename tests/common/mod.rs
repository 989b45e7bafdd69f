//! What several tests need.
#![allow(dead_code, reason = "each test uses some of it")]

use gan_playground::device::Engine;
use gan_playground::link;
use gan_playground::look::cures::Cure;
use gan_playground::session::{Session, Status};

/// A session of a link that has no problem, on an engine.
pub fn session(link: &str, engine: Engine) -> Session {
    let (experiment, problems) = link::parse(link);
    assert!(problems.is_empty(), "{problems:?}");
    let device = pollster::block_on(engine.start()).unwrap();
    let mut session = Session::new(experiment, device).unwrap();
    provide(&mut session);
    session
}

/// Provides every shard that the session asks for, from the built site.
pub fn provide(session: &mut Session) {
    while let Some(need) = session.needs() {
        session.provide(need.shard, &own(session).unwrap_or_else(|| file(&need.url))).unwrap();
    }
}

/// If a session learns from own images: as many as it asks for.
fn own(session: &Session) -> Option<Vec<u8>> {
    use gan_playground::data::Source;
    use gan_playground::experiment::IMAGES;
    let Source::Images(set) = session.experiment().data.source else { return None };
    let images = session.experiment().get(&IMAGES) as usize;
    let pixels = (0..images * set.values()).map(|i| (i / 7 % 256) as u8);
    set.is_own().then(|| pixels.chain(vec![0; images]).collect())
}

/// A shard of MNIST as the site serves it.
pub fn shard(shard: usize) -> Vec<u8> {
    file(&format!("data/mnist/{shard}.shard"))
}

/// A file as the site serves it.
pub fn file(address: &str) -> Vec<u8> {
    let site = std::env::var("GAN_PLAYGROUND_SITE").unwrap_or_else(|_| "dist".into());
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(site).join(address);
    std::fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}; run `cargo xtask site` first", path.display()))
}

/// The same, unpacked.
pub fn unpacked(address: &str) -> Vec<u8> {
    use std::io::Read;
    let mut bytes = Vec::new();
    flate2::read::GzDecoder::new(file(address).as_slice()).read_to_end(&mut bytes).unwrap();
    bytes
}

/// Trains `steps` steps in one call.
pub fn run(session: &mut Session, steps: u64) {
    let mut left = steps;
    while left > 0 {
        let progress = pollster::block_on(session.advance(|_| true, left)).unwrap();
        left -= progress.ran;
        assert!(progress.ran > 0 || session.needs().is_some(), "{}", progress.sentence);
        provide(session);
    }
}

/// Applies changes to the run as it is, and runs on, or until it has diverged.
pub fn then(s: &mut Session, link: &str, changes: &str, steps: u64) {
    let (tuned, problems) = link::tune(link, s.step(), pairs(changes));
    assert_eq!(problems, vec![]);
    s.tune(tuned).unwrap();
    let end = s.step() + steps;
    while s.step() < end && s.status() != Status::Diverged {
        pollster::block_on(s.advance(|_| true, end - s.step())).unwrap();
    }
}

/// A link with changes that begin another run.
pub fn anew(link: &str, changes: &str) -> String {
    let (again, problems) = link::change(link, 1, pairs(changes));
    assert_eq!(problems, vec![]);
    link::write(&again)
}

/// Changes as a link has them, `dsteps=5&glr=0.1`, one by one.
pub fn pairs(changes: &str) -> impl Iterator<Item = (&str, &str)> {
    changes.split('&').map(|change| change.split_once('=').unwrap())
}

/// What is offered, as a link has it.
pub fn offered(cure: &Cure) -> String {
    cure.changes.iter().map(|(field, text)| format!("{field}={text}")).collect::<Vec<_>>().join("&")
}

/// The weights of G and of D, without what the optimisers remember.
pub fn weights(session: &mut Session) -> [Vec<f32>; 2] {
    let state = pollster::block_on(session.save()).unwrap();
    let file = safetensors::SafeTensors::deserialize(&state).unwrap();
    ["g.weights", "d.weights"].map(|name| {
        let bytes = file.tensor(name).unwrap().data().chunks_exact(4);
        bytes.map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect()
    })
}

/// The fingerprint now.
pub fn fingerprint(session: &mut Session) -> String {
    pollster::block_on(session.snapshot()).unwrap().fingerprint
}

/// A set of points.
pub fn points(name: &str) -> &'static dyn gan_playground::data::PointSet {
    let gan_playground::data::Source::Points(set) = gan_playground::catalog::dataset(name).unwrap().source else {
        unreachable!()
    };
    set
}

/// The weights of a player, in 64 bits.
pub fn weights_of(session: &mut Session, name: &str) -> Vec<f64> {
    let state = pollster::block_on(session.save()).unwrap();
    let file = safetensors::SafeTensors::deserialize(&state).unwrap();
    let bytes = file.tensor(&format!("{name}.weights")).unwrap().data().chunks_exact(4);
    bytes.map(|b| f64::from(f32::from_le_bytes(b.try_into().unwrap()))).collect()
}

/// A multilayer perceptron with ReLUs between its layers.
pub fn mlp(weights: &[f64], widths: &[usize], x: &[f64]) -> Vec<f64> {
    let mut start = 0;
    let mut y = x.to_vec();
    for (l, pair) in widths.windows(2).enumerate() {
        let bias = start + pair[0] * pair[1];
        let sum =
            |o: usize| weights[bias + o] + (0..pair[0]).map(|i| y[i] * weights[start + i * pair[1] + o]).sum::<f64>();
        let last = l + 2 == widths.len();
        y = (0..pair[1]).map(|o| if last { sum(o) } else { sum(o).max(0.0) }).collect();
        start = bias + pair[1];
    }
    y
}
