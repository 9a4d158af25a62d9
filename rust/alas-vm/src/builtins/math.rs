//! `math`: numbers.

use alas_library::Builtin;
use alas_value::{Number, Value};

use super::read;
use crate::{Context, Fault};

pub fn pi(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Float(std::f64::consts::PI))
}

pub fn e(_: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Float(std::f64::consts::E))
}

pub fn abs(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(match read::number(Builtin::MathAbs, arguments, 0)? {
        Number::Int(value) => Value::Int(value.wrapping_abs()),
        Number::Float(value) => Value::Float(value.abs()),
    })
}

pub fn min(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    choose(Builtin::MathMin, arguments, i64::min, |a, b| if a.total_cmp(&b).is_le() { a } else { b })
}

pub fn max(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    choose(Builtin::MathMax, arguments, i64::max, |a, b| if a.total_cmp(&b).is_ge() { a } else { b })
}

/// One of two numbers: an int of two ints, otherwise a float, which is NaN when either is.
fn choose(
    builtin: Builtin,
    arguments: &[Value],
    of_ints: impl Fn(i64, i64) -> i64,
    of_floats: impl Fn(f64, f64) -> f64,
) -> Result<Value, Fault> {
    match (read::number(builtin, arguments, 0)?, read::number(builtin, arguments, 1)?) {
        (Number::Int(a), Number::Int(b)) => Ok(Value::Int(of_ints(a, b))),
        (a, b) => {
            let (a, b) = (a.as_float(), b.as_float());
            Ok(Value::Float(if a.is_nan() || b.is_nan() { f64::NAN } else { of_floats(a, b) }))
        }
    }
}

/// Defines functions of one float, with the values that they cannot take.
macro_rules! functions {
    ($($name:ident $builtin:ident $function:path, $impossible:expr, $domain:literal;)+) => {$(
        pub fn $name(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
            let value = read::float(Builtin::$builtin, arguments, 0)?;
            let impossible: fn(f64) -> bool = $impossible;
            if impossible(value) {
                return Err(outside_domain(Builtin::$builtin, $domain, value));
            }
            Ok(Value::Float($function(value)))
        }
    )+};
}

// NaN is never outside the domain: what is computed from it is NaN.
functions! {
    sqrt MathSqrt f64::sqrt, |value| value < 0.0, "a number from 0";
    exp MathExp f64::exp, |_| false, "any number";
    log MathLog f64::ln, |value| value <= 0.0, "a number above 0";
    log2 MathLog2 f64::log2, |value| value <= 0.0, "a number above 0";
    log10 MathLog10 f64::log10, |value| value <= 0.0, "a number above 0";
    sin MathSin f64::sin, f64::is_infinite, "a finite number";
    cos MathCos f64::cos, f64::is_infinite, "a finite number";
    tan MathTan f64::tan, f64::is_infinite, "a finite number";
    asin MathAsin f64::asin, |value| value.abs() > 1.0, "a number from -1 to 1";
    acos MathAcos f64::acos, |value| value.abs() > 1.0, "a number from -1 to 1";
    atan MathAtan f64::atan, |_| false, "any number";
}

#[cold]
fn outside_domain(builtin: Builtin, domain: &str, found: f64) -> Fault {
    let mut number = String::new();
    alas_value::write_float(found, &mut number);
    read::impossible(builtin, &format!("takes {domain}, found {number}"))
}

pub fn pow(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let base = read::float(Builtin::MathPow, arguments, 0)?;
    let exponent = read::float(Builtin::MathPow, arguments, 1)?;
    if base == 0.0 && exponent < 0.0 {
        return Err(outside_domain(Builtin::MathPow, "an exponent from 0 for the base 0", exponent));
    }
    // An infinite exponent has no fraction, and neither has the power of an infinite base.
    if base < 0.0 && base.is_finite() && exponent.is_finite() && exponent.fract() != 0.0 {
        return Err(outside_domain(Builtin::MathPow, "a whole exponent for a negative base", exponent));
    }
    Ok(Value::Float(base.powf(exponent)))
}

pub fn atan2(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let y = read::float(Builtin::MathAtan2, arguments, 0)?;
    let x = read::float(Builtin::MathAtan2, arguments, 1)?;
    Ok(Value::Float(y.atan2(x)))
}

pub fn hypot(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let x = read::float(Builtin::MathHypot, arguments, 0)?;
    let y = read::float(Builtin::MathHypot, arguments, 1)?;
    Ok(Value::Float(x.hypot(y)))
}

pub fn floor(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    whole(Builtin::MathFloor, arguments, f64::floor)
}

pub fn ceil(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    whole(Builtin::MathCeil, arguments, f64::ceil)
}

pub fn round(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    whole(Builtin::MathRound, arguments, f64::round)
}

pub fn trunc(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    whole(Builtin::MathTrunc, arguments, f64::trunc)
}

fn whole(builtin: Builtin, arguments: &[Value], rounded: impl Fn(f64) -> f64) -> Result<Value, Fault> {
    match read::number(builtin, arguments, 0)? {
        Number::Int(value) => Ok(Value::Int(value)),
        Number::Float(value) => match to_int(rounded(value)) {
            Some(result) => Ok(Value::Int(result)),
            None => Err(outside_domain(builtin, "a number within the range of the ints", value)),
        },
    }
}

/// The int that a whole float is; `None` for NaN and beyond the ints.
pub fn to_int(whole: f64) -> Option<i64> {
    const BEYOND: f64 = 9_223_372_036_854_775_808.0;
    (-BEYOND..BEYOND).contains(&whole).then_some(whole as i64)
}

/// The next number of the generator `SplitMix64`: Steele, Lea, Flood, "Fast splittable pseudorandom number generators",
/// 2014.
pub fn next_random(context: &mut Context<'_>) -> u64 {
    let state = context.host.random.wrapping_add(0x9E37_79B9_7F4A_7C15);
    context.host.random = state;
    let mixed = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

#[expect(clippy::cast_precision_loss, reason = "53 bits are what a float holds exactly")]
pub fn random(context: &mut Context<'_>, _: &mut [Value]) -> Result<Value, Fault> {
    const STEPS: f64 = (1_u64 << 53) as f64;
    Ok(Value::Float((next_random(context) >> 11) as f64 / STEPS))
}

pub fn random_int(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let min = read::int(Builtin::MathRandomInt, arguments, 0)?;
    let max = read::int(Builtin::MathRandomInt, arguments, 1)?;
    if min > max {
        let text = format!("takes a min up to the max, found the min {min} and the max {max}");
        return Err(read::impossible(Builtin::MathRandomInt, &text));
    }
    let Some(count) = max.abs_diff(min).checked_add(1) else {
        return Ok(Value::Int(next_random(context).cast_signed()));
    };
    Ok(Value::Int(min.wrapping_add_unsigned(random_below(context, count))))
}

/// A random number below a bound, each as likely as any other: Lemire, "Fast random integer generation in an
/// interval", 2019.
fn random_below(context: &mut Context<'_>, bound: u64) -> u64 {
    let threshold = bound.wrapping_neg() % bound;
    loop {
        let product = u128::from(next_random(context)) * u128::from(bound);
        if product as u64 >= threshold {
            return (product >> 64) as u64;
        }
    }
}
