//! Pictures on a page, as large as they may be and no larger.

use super::{
    flow::{BODY, Flow, INK, RAISED, RULE, SOFT, area, stroke},
    sheet::{COLUMN, Dash, Mark, Role, SIDE, TEXT},
    type_setting::{Ink, Look, Weight},
};
use crate::{
    document::{Side, Text},
    figure::{Anchor, Drawing, Figure, Head, Paint, Shape},
    render::svg,
};

const NEW: Ink = [31, 95, 168];
const OLD: Ink = [122, 133, 148];
const LIMIT: Ink = [179, 38, 30];
const MARK: Ink = [123, 63, 160];

/// How much smaller a picture is on paper than on a screen, at the least.
const LARGEST: f32 = 0.72;

fn scale(drawing: &Drawing) -> f32 {
    let wide = TEXT / (drawing.width as f32).max(1.0);
    let high = (COLUMN - 60.0) / (drawing.height as f32).max(1.0);
    wide.min(high).min(LARGEST)
}

/// Gives how high a picture and its caption are, about.
pub(super) fn height(figure: &Figure) -> f32 {
    figure.drawing.height as f32 * scale(&figure.drawing) + 34.0
}

/// Lays out a picture with its caption.
pub(super) fn lay_out(flow: &mut Flow, figure: &Figure) {
    let scale = scale(&figure.drawing);
    flow.sheets.need(height(figure));
    let origin = (SIDE, flow.sheets.y());
    flow.sheets.speak(Role::Silent);
    for shape in &figure.drawing.shapes {
        draw(flow, shape, origin, scale);
    }
    flow.sheets.speak(Role::Words);
    flow.sheets.take(figure.drawing.height as f32 * scale + 4.0);
    let caption = Text::strong(format!("{}. ", figure.caption)).and(&figure.words);
    flow.words(
        &caption,
        Look {
            ink: SOFT,
            size: 8.2,
            ..BODY
        },
        0.0,
    );
}

fn draw(flow: &mut Flow, shape: &Shape, origin: (f32, f32), scale: f32) {
    let at = |(x, y): (f64, f64)| (origin.0 + x as f32 * scale, origin.1 + y as f32 * scale);
    match shape {
        Shape::Box {
            x,
            y,
            width,
            height,
            radius,
            paint,
        } => {
            let (x, y) = at((*x, *y));
            flow.sheets.put(Mark::Area {
                x,
                y,
                width: *width as f32 * scale,
                height: *height as f32 * scale,
                radius: *radius as f32 * scale,
                fill: fill(*paint),
                edge: Some((edge(*paint), Dash::Solid)),
            });
        }
        Shape::Line { points, paint, .. } => {
            let points = points.iter().copied().map(at).collect();
            flow.sheets.put(line(points, *paint));
        }
        Shape::Edge {
            from,
            to,
            way,
            paint,
            head,
        } => {
            let (a, b) = svg::bend(*from, *to, *way);
            flow.sheets.put(Mark::Curve {
                from: at(*from),
                bend: [at(a), at(b)],
                to: at(*to),
                ink: edge(*paint),
            });
            if *head == Head::Arrow {
                flow.sheets.put(Mark::Polygon {
                    points: svg::corners(*to, *way).into_iter().map(at).collect(),
                    ink: edge(*paint),
                });
            }
        }
        Shape::Dot {
            at: place,
            radius,
            paint,
        } => {
            let (x, y) = at(*place);
            let radius = *radius as f32 * scale;
            flow.sheets.put(Mark::Area {
                x: x - radius,
                y: y - radius,
                width: 2.0 * radius,
                height: 2.0 * radius,
                radius,
                fill: edge(*paint),
                edge: None,
            });
        }
        Shape::Label { .. } => label(flow, shape, origin, scale),
    }
}

fn line(points: Vec<(f32, f32)>, paint: Paint) -> Mark {
    Mark::Line {
        points,
        ink: edge(paint),
        width: match paint {
            Paint::New => 1.5,
            Paint::Grid => 0.5,
            _ => 1.0,
        },
        dash: match paint {
            Paint::Old => Dash::Broken,
            Paint::Limit => Dash::Dotted,
            _ => Dash::Solid,
        },
    }
}

fn label(flow: &mut Flow, shape: &Shape, origin: (f32, f32), scale: f32) {
    let Shape::Label {
        at,
        anchor,
        size,
        paint,
        text,
    } = shape
    else {
        return;
    };
    let look = Look {
        size: *size as f32 * scale,
        ink: words(*paint),
        weight: Weight::Regular,
    };
    let set = flow
        .setter
        .set(&Text::plain(text), look, 2_000.0, Side::Start);
    let width = set.layout.calculate_content_widths().max;
    let shift = match anchor {
        Anchor::Start => 0.0,
        Anchor::Middle => width / 2.0,
        Anchor::End => width,
    };
    // Set again to its own width: words that run from right to left keep to the right of it.
    let set = flow
        .setter
        .set(&Text::plain(text), look, width + 0.5, Side::Start);
    let base = set.layout.first_baseline().unwrap_or(look.size);
    flow.sheets.put(Mark::Words {
        lines: 0..set.layout.len(),
        set,
        x: origin.0 + at.0 as f32 * scale - shift,
        y: origin.1 + at.1 as f32 * scale - base,
    });
}

fn fill(paint: Paint) -> Ink {
    match paint {
        Paint::Area(tone) => area(tone),
        Paint::Surface | Paint::Grid => RAISED,
        Paint::Ink | Paint::Soft | Paint::New | Paint::Old | Paint::Limit | Paint::Mark => {
            edge(paint)
        }
        Paint::Stroke(tone) => stroke(tone),
    }
}

fn edge(paint: Paint) -> Ink {
    match paint {
        Paint::Ink => INK,
        Paint::Soft | Paint::Old => OLD,
        Paint::Grid | Paint::Surface => RULE,
        Paint::New => NEW,
        Paint::Limit => LIMIT,
        Paint::Mark => MARK,
        Paint::Area(tone) | Paint::Stroke(tone) => stroke(tone),
    }
}

fn words(paint: Paint) -> Ink {
    match paint {
        Paint::Soft => SOFT,
        other => edge(other),
    }
}
