//! `async`: calls that run beside the caller.

use std::sync::{Arc, PoisonError, Weak};
use std::time::{Duration, Instant};

use alas_library::Builtin;
use alas_value::{Array, Elements, Key, Lease, Map, Task, Text, Value, account};

use super::{math, read, result};
use crate::machine::Inheritance;
use crate::tasks::{Job, Outcome, State, TASK_BYTES, Tasks, Until, pack, watched};
use crate::words::quote;
use crate::{Context, ErrorCode, Fault, Host, Module, size};

/// Sleeps and time limits longer than this, a hundred years, are as long.
const LONGEST: u64 = 100 * 365 * 24 * 3600 * 1000;

pub fn spawn(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::AsyncSpawn;
    if let [Value::Int(module), Value::Int(function), list] = arguments {
        // A call of another module's function, whose manifest says that it starts a task.
        let callee = elsewhere(context, *module, *function);
        return start(context, callee, list, None);
    }
    let callee = function(context, read::text(builtin, arguments, 0)?.as_str());
    match arguments.get(1) {
        Some(list) => {
            read::array(builtin, arguments, 1)?;
            start(context, callee, list, None)
        }
        None => start(context, callee, &Value::Array(Array::empty()), None),
    }
}

pub fn timeout(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let builtin = Builtin::AsyncTimeout;
    let time = duration(builtin, arguments, 2)?;
    let callee = function(context, read::text(builtin, arguments, 0)?.as_str());
    read::array(builtin, arguments, 1)?;
    start(context, callee, &arguments[1], Some(time))
}

pub fn sleep(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let until = Instant::now() + duration(Builtin::AsyncSleep, arguments, 0)?;
    Ok(handle(State::sleeping(until, lease()?)))
}

/// A function of a module.
type Callee = (Arc<Module>, u32);

/// Starts a task that calls a function with the elements of an array. Where there is no such function, the task has failed.
fn start(
    context: &mut Context<'_>,
    callee: Result<Callee, Fault>,
    list: &Value,
    timeout: Option<Duration>,
) -> Result<Value, Fault> {
    let (module, function) = match callee {
        Ok(callee) => callee,
        Err(fault) => return Ok(handle(State::failed(fault, lease()?))),
    };
    let state = State::queued(lease()?);
    let job = Job {
        module,
        function,
        arguments: pack(list, context.host)?,
        timeout,
        inheritance: Inheritance::of(context.host),
        random: math::next_random(context),
    };
    Tasks::start(context.host, &state, job)?;
    Ok(handle(state))
}

/// The module that calls, which is there as long as it runs.
fn caller(context: &Context<'_>) -> Option<Arc<Module>> {
    context.module.itself.get().and_then(Weak::upgrade)
}

/// The function of the calling module that has this name.
fn function(context: &Context<'_>, name: &str) -> Result<Callee, Fault> {
    let module = caller(context);
    let number = module.as_ref().and_then(|module| module.interface().by_name.get(name).copied());
    module.zip(number).ok_or_else(|| {
        let message = format!("the module `{}` has no function {}", context.module.name, quote(name));
        Fault::new(ErrorCode::FunctionNotFound, message)
    })
}

/// The function of a module that the calling one imports, by their numbers.
fn elsewhere(context: &Context<'_>, module: i64, function: i64) -> Result<Callee, Fault> {
    let import = |caller: Arc<Module>| caller.imports().get(usize::try_from(module).ok()?).cloned();
    let found = caller(context).and_then(import).zip(u32::try_from(function).ok());
    found.ok_or_else(|| Fault::new(ErrorCode::FunctionNotFound, "the module of the function is gone"))
}

fn lease() -> Result<Lease, Fault> {
    account::lease(TASK_BYTES).ok_or_else(size::no_room)
}

fn handle(state: Arc<State>) -> Value {
    Value::Task(Task::new(state))
}

pub fn r#await(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let task = task(Builtin::AsyncAwait, arguments)?;
    Tasks::wait(context.host, std::slice::from_ref(&task), Until::All, None)?;
    Ok(Value::Map(outcome(&task, context.host)?))
}

pub fn await_timeout(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let time = duration(Builtin::AsyncAwaitTimeout, arguments, 1)?;
    let task = task(Builtin::AsyncAwaitTimeout, arguments)?;
    let moment = Instant::now() + time;
    let is_over = Tasks::wait(context.host, std::slice::from_ref(&task), Until::All, Some(moment))?;
    let mut outcome = if is_over {
        outcome(&task, context.host)?
    } else {
        let message = format!("the task has not ended within {time:?}");
        result::failed(&message, ErrorCode::Timeout.as_str())
    };
    outcome.put(name("timedOut"), Value::Bool(!is_over));
    Ok(Value::Map(outcome))
}

pub fn parallel(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let tasks = tasks(Builtin::AsyncParallel, arguments)?;
    Tasks::wait(context.host, &tasks, Until::All, None)?;
    let mut values = size::vector(tasks.len())?;
    let mut errors = size::vector(tasks.len())?;
    let mut is_ok = true;
    for task in &tasks {
        match ended(task, context.host)? {
            Ok(value) => {
                values.push(value);
                errors.push(Value::text(""));
            }
            Err((message, _)) => {
                is_ok = false;
                values.push(Value::Void);
                errors.push(Value::text(&message));
            }
        }
    }
    let mut outcome = Map::with_capacity(3);
    outcome.put(name("ok"), Value::Bool(is_ok));
    outcome.put(name("values"), Value::Array(Array::from_values(values)));
    outcome.put(name("errors"), Value::Array(Array::new(Elements::Any(errors))));
    Ok(Value::Map(outcome))
}

pub fn race(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let tasks = tasks(Builtin::AsyncRace, arguments)?;
    if tasks.is_empty() {
        return Err(read::impossible(Builtin::AsyncRace, "takes at least one task, found none"));
    }
    Tasks::wait(context.host, &tasks, Until::Any, None)?;
    let winner = tasks.iter().position(|task| task.is_over()).unwrap_or_default();
    let mut outcome = outcome(&tasks[winner], context.host)?;
    outcome.put(name("winner"), Value::Int(winner.cast_signed() as i64));
    Ok(Value::Map(outcome))
}

pub fn cancel(context: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    let task = task(Builtin::AsyncCancel, arguments)?;
    Ok(Value::Bool(Tasks::cancel(context.host, &task)))
}

pub fn is_running(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Bool(!task(Builtin::AsyncIsRunning, arguments)?.is_over()))
}

pub fn is_completed(_: &mut Context<'_>, arguments: &mut [Value]) -> Result<Value, Fault> {
    Ok(Value::Bool(task(Builtin::AsyncIsCompleted, arguments)?.is_over()))
}

/// What a task has come to that has ended: its value, or the message and the code of its failure.
fn ended(task: &State, host: &Host) -> Result<Result<Value, (String, ErrorCode)>, Fault> {
    match task.outcome() {
        Some(Outcome::Returned(parcel)) => {
            let mut parcel = parcel.lock().unwrap_or_else(PoisonError::into_inner);
            watched(host, |watch| parcel.copy(watch)).map(Ok)
        }
        Some(Outcome::Failed(fault)) => {
            // What has stopped the task may be what stops this call as well, which nothing catches.
            if !fault.code().is_catchable() {
                host.poll()?;
            }
            Ok(Err((fault.message().to_owned(), fault.code())))
        }
        Some(Outcome::Slept) | None => Ok(Ok(Value::Void)),
    }
}

/// The same as a Result.
fn outcome(task: &State, host: &Host) -> Result<Map, Fault> {
    Ok(match ended(task, host)? {
        Ok(value) => result::succeeded_with(value),
        Err((message, code)) => result::failed(&message, code.as_str()),
    })
}

fn name(name: &str) -> Key {
    Key::Text(Text::new(name))
}

/// The task that is the first argument.
fn task(builtin: Builtin, arguments: &[Value]) -> Result<Arc<State>, Fault> {
    state(&arguments[0]).ok_or_else(|| read::wrong_kind(builtin, 0, "a task", &arguments[0]))
}

/// The tasks in the array that is the first argument.
fn tasks(builtin: Builtin, arguments: &[Value]) -> Result<Vec<Arc<State>>, Fault> {
    let list = read::array(builtin, arguments, 0)?;
    let one = |position| {
        let value = list.get(position).unwrap_or_default();
        state(&value).ok_or_else(|| {
            let found = value.kind().describe();
            let message = format!(
                "`{}` takes an array of tasks, found {found} at position {position}",
                builtin.row().name
            );
            Fault::new(ErrorCode::TypeError, message)
        })
    };
    (0..list.len()).map(one).collect()
}

fn state(value: &Value) -> Option<Arc<State>> {
    match value {
        Value::Task(task) => task.work().clone().downcast().ok(),
        _ => None,
    }
}

/// The milliseconds at a position.
fn duration(builtin: Builtin, arguments: &[Value], position: usize) -> Result<Duration, Fault> {
    let milliseconds = read::int(builtin, arguments, position)?;
    if milliseconds < 0 {
        let text = format!("takes milliseconds from 0 on, found {milliseconds}");
        return Err(read::impossible(builtin, &text));
    }
    Ok(Duration::from_millis(milliseconds.unsigned_abs().min(LONGEST)))
}
