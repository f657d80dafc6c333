//! Pictures as SVG inside a page; colours come from the page's classes.

use std::fmt::Write;

use super::{html::escaped, visible::visible};
use crate::{
    document::Tone,
    figure::{Anchor, Drawing, Figure, Head, Paint, Shape, Way},
};

/// Writes a picture.
pub(super) fn write(figure: &Figure, name: &str) -> String {
    let Drawing {
        width,
        height,
        shapes,
    } = &figure.drawing;
    let mut svg = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         style=\"max-width:{width:.0}px\" role=\"img\" aria-labelledby=\"{name}-t {name}-d\">\
         <title id=\"{name}-t\">{}</title><desc id=\"{name}-d\">{}</desc>",
        escaped(&figure.caption),
        escaped(&figure.words)
    );
    for one in shapes {
        shape(&mut svg, one);
    }
    svg.push_str("</svg>\n");
    svg
}

fn shape(svg: &mut String, shape: &Shape) {
    let _ = match shape {
        Shape::Box {
            x,
            y,
            width,
            height,
            radius,
            paint,
        } => write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" rx=\"{radius:.1}\" class=\"{}\"/>",
            class(*paint)
        ),
        Shape::Line {
            points,
            paint,
            head,
        } => {
            let _ = write!(svg, "<polyline points=\"");
            for (x, y) in points {
                let _ = write!(svg, "{x:.1},{y:.1} ");
            }
            let end = match head {
                Head::None => "",
                Head::Arrow => " arrow",
            };
            write!(svg, "\" class=\"l {}{end}\"/>", class(*paint))
        }
        Shape::Edge {
            from,
            to,
            way,
            paint,
            head,
        } => {
            let (a, b) = bend(*from, *to, *way);
            write!(
                svg,
                "<path d=\"M{:.1} {:.1}C{:.1} {:.1} {:.1} {:.1} {:.1} {:.1}\" class=\"l {}\"/>{}",
                from.0,
                from.1,
                a.0,
                a.1,
                b.0,
                b.1,
                to.0,
                to.1,
                class(*paint),
                match head {
                    Head::Arrow => tip(*to, *way, *paint),
                    Head::None => String::new(),
                }
            )
        }
        Shape::Dot { at, radius, paint } => write!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"{radius:.1}\" class=\"d {}\"/>",
            at.0,
            at.1,
            class(*paint)
        ),
        Shape::Label { .. } => return label(svg, shape),
    };
}

fn label(svg: &mut String, shape: &Shape) {
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
    // Writing to a String cannot fail.
    let _ = write!(
        svg,
        "<text x=\"{:.1}\" y=\"{:.1}\" font-size=\"{size}\" text-anchor=\"{}\" class=\"t {}\">{}</text>",
        at.0,
        at.1,
        match anchor {
            Anchor::Start => "start",
            Anchor::Middle => "middle",
            Anchor::End => "end",
        },
        class(*paint),
        escaped(&visible(text))
    );
}

/// Gives the two points that bend an edge.
pub(super) fn bend(from: (f64, f64), to: (f64, f64), way: Way) -> ((f64, f64), (f64, f64)) {
    match way {
        Way::Right => {
            let middle = (from.0 + to.0) / 2.0;
            ((middle, from.1), (middle, to.1))
        }
        Way::Down => {
            let middle = (from.1 + to.1) / 2.0;
            ((from.0, middle), (to.0, middle))
        }
    }
}

/// Gives the corners of an arrow's tip.
pub(super) fn corners(to: (f64, f64), way: Way) -> [(f64, f64); 3] {
    match way {
        Way::Right => [(to.0 - 7.0, to.1 - 4.0), to, (to.0 - 7.0, to.1 + 4.0)],
        Way::Down => [(to.0 - 4.0, to.1 - 7.0), to, (to.0 + 4.0, to.1 - 7.0)],
    }
}

fn tip(to: (f64, f64), way: Way, paint: Paint) -> String {
    let [a, b, c] = corners(to, way);
    format!(
        "<polygon points=\"{:.1},{:.1} {:.1},{:.1} {:.1},{:.1}\" class=\"d {}\"/>",
        a.0,
        a.1,
        b.0,
        b.1,
        c.0,
        c.1,
        class(paint)
    )
}

fn class(paint: Paint) -> String {
    let tone = |kind: &str, tone: Tone| format!("{kind}-{}", tone.word());
    match paint {
        Paint::Ink => "ink".to_owned(),
        Paint::Soft => "soft".to_owned(),
        Paint::Grid => "grid".to_owned(),
        Paint::Surface => "surface".to_owned(),
        Paint::New => "new".to_owned(),
        Paint::Old => "old".to_owned(),
        Paint::Limit => "limit".to_owned(),
        Paint::Mark => "mark".to_owned(),
        Paint::Area(of) => tone("area", of),
        Paint::Stroke(of) => tone("stroke", of),
    }
}
