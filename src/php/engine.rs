//! The one place that speaks to the Zend engine without ext-php-rs in between, and so the one with `unsafe`.
//!
//! ext-php-rs registers classes and keeps Rust values in objects. What it lacks, or words otherwise than PHP does,
//! stands here: arguments without a copy, PHP's own argument errors, typed read-only properties, attributes, and
//! exceptions with data.
#![allow(unsafe_code)]

use core::ptr;
use core::sync::atomic::{AtomicPtr, Ordering};
use std::ffi::CString;

use ext_php_rs::args::ArgInfoTables;
use ext_php_rs::boxed::ZBox;
use ext_php_rs::builders::ModuleBuilder;
use ext_php_rs::class::RegisteredClass;
use ext_php_rs::ffi;
use ext_php_rs::php_module;
use ext_php_rs::types::{ZendClassObject, ZendHashTable, ZendObject, ZendStr, Zval};
use ext_php_rs::zend::{ClassEntry, ExecuteData, ExecutorGlobals, ModuleEntry};

/// An exception is pending in the engine. There is nothing left to say.
#[derive(Clone, Copy, Debug)]
pub struct Thrown;

#[php_module]
fn module(module: ModuleBuilder) -> ModuleBuilder {
    super::module(module)
}

pub(super) extern "C" fn startup(_type: i32, _module_number: i32) -> i32 {
    super::startup()
}

pub(super) extern "C" fn info(_module: *mut ModuleEntry) {
    // SAFETY: called by the engine while it prints the page of this module.
    unsafe { ffi::php_info_print_table_start() };
    for (name, value) in super::info_rows() {
        if let (Ok(name), Ok(value)) = (CString::new(name), CString::new(value)) {
            // SAFETY: two columns are announced and two C strings are passed.
            unsafe { ffi::php_info_print_table_row(2, name.as_ptr(), value.as_ptr()) };
        }
    }
    // SAFETY: closes the table that was opened above.
    unsafe { ffi::php_info_print_table_end() };
}

/// The argument in its slot, references followed. `None` when it was not passed.
#[inline]
pub(super) fn argument(ex: &ExecuteData, index: usize) -> Option<&Zval> {
    if index >= argument_count(ex) {
        return None;
    }
    // SAFETY: the engine keeps `argument_count` slots behind the frame for as long as the frame lives.
    let zval = unsafe { ex.zend_call_arg(index) }?;
    Some(zval.dereference())
}

/// How many arguments were passed.
#[inline]
pub(super) fn argument_count(ex: &ExecuteData) -> usize {
    // SAFETY: in a call frame the union holds the number of arguments.
    let count = unsafe { ex.This.u2.num_args };
    count as usize
}

/// The object that a method was called on.
#[inline]
pub(super) fn this(ex: &ExecuteData) -> Option<&ZendObject> {
    ex.This.object()
}

/// Writes the first properties of the object that a constructor was called on, or those that come after a parent's.
pub(super) fn set_this_properties(ex: &ExecuteData, skip: usize, values: Vec<Zval>) {
    if this(ex).is_some() {
        // SAFETY: `this` says that the slot holds an object, which the frame keeps alive, and no PHP code runs while it is
        // borrowed here. Nor does a call that waits in a fiber borrow it: a constructor takes no reference to its object
        // while it reads its arguments, methods of exceptions run no PHP code, and all others begin by refusing an object
        // that has no Rust value, as this one does.
        set_properties(unsafe { &mut *ex.This.value.obj }, skip, values);
    }
}

/// Raises PHP's `ArgumentCountError`.
pub(super) fn throw_argument_count(min: usize, max: usize) -> Thrown {
    let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
    // SAFETY: called inside a function call, whose name the engine puts into the message.
    unsafe { ffi::zend_wrong_parameters_count_error(number(min), number(max)) };
    Thrown
}

/// What PHP says that an argument should have been.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    String,
    StringOrNull,
    Int,
    IntOrNull,
    Bool,
    Array,
}

/// Raises PHP's `TypeError` for an argument, which is counted from 0 here.
pub(super) fn throw_argument_type(index: usize, expected: Expected, given: &Zval) -> Thrown {
    // A conversion can throw by itself: a deprecation that an error handler turned into an exception.
    if ExecutorGlobals::has_exception() {
        return Thrown;
    }
    let expected = match expected {
        Expected::String => ffi::_zend_expected_type_Z_EXPECTED_STRING,
        Expected::StringOrNull => ffi::_zend_expected_type_Z_EXPECTED_STRING_OR_NULL,
        Expected::Int => ffi::_zend_expected_type_Z_EXPECTED_LONG,
        Expected::IntOrNull => ffi::_zend_expected_type_Z_EXPECTED_LONG_OR_NULL,
        Expected::Bool => ffi::_zend_expected_type_Z_EXPECTED_BOOL,
        Expected::Array => ffi::_zend_expected_type_Z_EXPECTED_ARRAY,
    };
    // SAFETY: called inside a function call; the engine only reads the type of the value.
    unsafe { ffi::zend_wrong_parameter_type_error(number(index), expected, ptr::from_ref(given).cast_mut()) };
    Thrown
}

/// Raises PHP's `TypeError` for an argument that is not an object of the class.
pub(super) fn throw_argument_class(index: usize, class: &str, given: &Zval) -> Thrown {
    let class = c_string(class);
    let given = ptr::from_ref(given).cast_mut();
    // SAFETY: called inside a function call; the engine only reads the name and the type of the value.
    unsafe { ffi::zend_wrong_parameter_class_error(number(index), class.as_ptr(), given) };
    Thrown
}

/// Raises PHP's `TypeError`: "Argument #n ($name) " and then the message.
pub(super) fn throw_argument_type_message(index: usize, message: &str) -> Thrown {
    let message = c_string(message);
    // SAFETY: called inside a function call; one `%s` and one C string.
    unsafe { ffi::zend_argument_type_error(number(index), c"%s".as_ptr(), message.as_ptr()) };
    Thrown
}

/// Raises PHP's `ValueError`: "Argument #n ($name) " and then the message.
pub(super) fn throw_argument_value(index: usize, message: &str) -> Thrown {
    let message = c_string(message);
    // SAFETY: called inside a function call; one `%s` and one C string.
    unsafe { ffi::zend_argument_value_error(number(index), c"%s".as_ptr(), message.as_ptr()) };
    Thrown
}

/// Raises PHP's plain `Error`, or one of its subclasses.
pub(super) fn throw_error(class: Option<&'static ClassEntry>, message: &str) -> Thrown {
    let message = c_string(message);
    let class = class.map_or(ptr::null_mut(), |class| ptr::from_ref(class).cast_mut());
    // SAFETY: without a class, the engine takes `Error`; it only reads a class. One `%s` and one C string.
    unsafe { ffi::zend_throw_error(class, c"%s".as_ptr(), message.as_ptr()) };
    Thrown
}

/// For an object that reflection made without its data.
pub(super) fn throw_uninitialized() -> Thrown {
    throw_error(None, "The object has not been initialized")
}

/// Reads an integer the way PHP does: strictly under `strict_types`, with its usual conversions otherwise. `None` when
/// it is none.
pub(super) fn long(index: usize, zval: &Zval) -> Option<i64> {
    if let Some(long) = zval.long() {
        return Some(long);
    }
    let mut long = 0;
    // SAFETY: the value lives as long as the call; on success the engine has written `long`.
    let fits = unsafe {
        ffi::zend_parse_arg_long_slow(ptr::from_ref(zval).cast_mut(), &raw mut long, number(index))
    };
    fits.then_some(long)
}

/// Checks that an argument can be called from where the current function was called, and raises PHP's `TypeError`, with
/// its reason, otherwise.
pub(super) fn require_callable(index: usize, zval: &Zval) -> Result<(), Thrown> {
    let mut reason = ptr::null_mut();
    // SAFETY: the value lives as long as the call; the engine writes a reason that it allocates, or leaves null.
    let callable = unsafe {
        ffi::zend_is_callable_ex(
            ptr::from_ref(zval).cast_mut(),
            ptr::null_mut(),
            0,
            ptr::null_mut(),
            ptr::null_mut(),
            &raw mut reason,
        )
    };
    if callable {
        return Ok(());
    }
    // SAFETY: called inside a function call; the engine takes the reason over, and frees it.
    unsafe { ffi::zend_wrong_callback_or_null_error(number(index), reason) };
    Err(Thrown)
}

/// Arguments are counted from 0 here and from 1 in messages.
fn number(index: usize) -> u32 {
    u32::try_from(index + 1).unwrap_or(u32::MAX)
}

/// A message for the engine. A NUL byte would cut it off, so it is made visible.
fn c_string(message: &str) -> CString {
    CString::new(message.replace('\0', "\\0")).unwrap_or_default()
}

/// Calls `each` with every key that is a string, and its value, in order. Keys that are integers are no header names.
#[inline]
pub(super) fn for_each_named<'a>(table: &'a ZendHashTable, mut each: impl FnMut(&'a [u8], &'a Zval)) {
    // SAFETY: the flags say which of the two layouts the table has.
    let packed = unsafe { table.u.flags } & ffi::HASH_FLAG_PACKED != 0;
    if packed || table.nNumUsed == 0 {
        return;
    }
    // SAFETY: a table that is not packed has `nNumUsed` buckets at `arData`, and nothing changes it meanwhile.
    let buckets =
        unsafe { core::slice::from_raw_parts(table.__bindgen_anon_1.arData, table.nNumUsed as usize) };
    for bucket in buckets {
        // SAFETY: the key of a bucket is null or a live string, borrowed like the table.
        let Some(key) = (unsafe { bucket.key.as_ref() }) else { continue };
        // SAFETY: every value has a type; a deleted bucket keeps its key, and its type says that it is gone.
        if u32::from(unsafe { bucket.val.u1.v.type_ }) != ffi::IS_UNDEF {
            each(key.as_bytes(), bucket.val.dereference());
        }
    }
}

/// The values of an array, in order, whatever their keys: the crate's own iterator panics at a key that is not UTF-8.
#[inline]
pub(super) fn values(table: &ZendHashTable) -> impl Iterator<Item = &Zval> {
    let mut entries = table.iter();
    core::iter::from_fn(move || entries.next_zval().map(|(_, value)| value.dereference()))
}

/// Something made while the module starts, for as long as it runs.
///
/// An `AtomicPtr` and no `OnceLock`: a process can start the module more than once, and each time anew.
pub(super) struct StartupCell<T: 'static>(AtomicPtr<T>);

impl<T: 'static> StartupCell<T> {
    pub(super) const fn new() -> Self {
        Self(AtomicPtr::new(ptr::null_mut()))
    }

    pub(super) fn set(&self, value: T) {
        self.0.store(Box::into_raw(Box::new(value)), Ordering::Release);
    }

    pub(super) fn get(&self) -> Option<&'static T> {
        // SAFETY: null, or a value that `set` has leaked.
        unsafe { self.0.load(Ordering::Acquire).as_ref() }
    }
}

/// A string that outlives every request: a key of arrays that is neither copied nor hashed again.
pub(super) struct InternedString(ptr::NonNull<ZendStr>);

impl InternedString {
    /// Interns a text. To be called while the module starts.
    pub(super) fn new(text: &str) -> Option<Self> {
        ptr::NonNull::new(ZendStr::new_interned(text, true).into_raw()).map(Self)
    }

    /// Adds a value to an array that does not have the key yet.
    pub(super) fn add_to(&self, array: &mut ZendHashTable, value: Zval) {
        let mut value = core::mem::ManuallyDrop::new(value);
        // SAFETY: the key is alive and interned, so that the table takes no reference; it owns the value from here.
        unsafe { ffi::zend_hash_add_new(array, self.0.as_ptr(), &raw mut *value) };
    }
}

/// A PHP string with these bytes.
#[inline]
pub(super) fn string(bytes: &[u8]) -> Zval {
    let mut zval = Zval::new();
    zval.set_zend_string(ZendStr::new(bytes, false));
    zval
}

/// A class of this module, known from the moment it is registered.
///
/// `AtomicPtr` and no `OnceLock`: a process can start the module more than once.
#[derive(Debug)]
pub(super) struct ClassSlot {
    class: AtomicPtr<ClassEntry>,
    /// The engine points into these tables until the module is shut down.
    arguments: AtomicPtr<ArgInfoTables>,
}

impl ClassSlot {
    pub(super) const fn new() -> Self {
        Self { class: AtomicPtr::new(ptr::null_mut()), arguments: AtomicPtr::new(ptr::null_mut()) }
    }

    pub(super) fn set(&self, class: &mut ClassEntry, arguments: ArgInfoTables) {
        self.class.store(class, Ordering::Release);
        let former = self.arguments.swap(Box::into_raw(Box::new(arguments)), Ordering::AcqRel);
        if !former.is_null() {
            // SAFETY: put here by the line above when the module was started before; the functions that pointed into
            // the tables are gone since it was shut down.
            drop(unsafe { Box::from_raw(former) });
        }
    }

    /// The class.
    pub(super) fn get(&self) -> Option<&'static ClassEntry> {
        // SAFETY: null, or a class that lives as long as the module.
        unsafe { self.class.load(Ordering::Acquire).as_ref() }
    }

    /// A new object whose first properties have these values, in the order in which they are declared.
    pub(super) fn instantiate(&self, values: Vec<Zval>) -> Result<Zval, Thrown> {
        let class = self.class.load(Ordering::Acquire);
        if class.is_null() {
            return Err(Thrown);
        }
        let mut zval = Zval::new();
        // SAFETY: the class is registered; the engine writes the object into `zval`.
        let made = unsafe { ffi::object_init_ex(&raw mut zval, class) };
        if made != ffi::ZEND_RESULT_CODE_SUCCESS {
            return Err(Thrown);
        }
        set_properties(zval.object_mut().ok_or(Thrown)?, 0, values);
        Ok(zval)
    }

    /// The case of an enum.
    pub(super) fn case(&self, name: &str) -> Result<Zval, Thrown> {
        let class = self.class.load(Ordering::Acquire);
        if class.is_null() {
            return Err(Thrown);
        }
        let mut name = ZendStr::new(name, false);
        // SAFETY: the class is an enum of this module, and every name passed here is one of its cases.
        let object = unsafe { ffi::zend_enum_get_case(class, name.as_mut_ptr()).as_mut() };
        let mut zval = Zval::new();
        zval.set_object(object.ok_or(Thrown)?);
        Ok(zval)
    }
}

/// Writes properties past the check that makes them read-only, as the engine does for its own classes.
pub(super) fn set_properties(object: &mut ZendObject, skip: usize, values: Vec<Zval>) {
    let count = property_count(object.get_class_entry());
    let slots = object.properties_table.as_mut_ptr();
    for (index, mut value) in (skip..count).zip(values) {
        // SAFETY: `index` is below the number of slots that the object was allocated with.
        let slot = unsafe { &mut *slots.add(index) };
        core::mem::swap(slot, &mut value);
        // The second word of a slot says that the property has no value yet.
        slot.u2.extra = 0;
    }
}

/// The value of a declared property, by its index. `None` when it has none.
pub(super) fn property(object: &ZendObject, index: usize) -> Option<&Zval> {
    if index >= property_count(object.get_class_entry()) {
        return None;
    }
    // SAFETY: `index` is below the number of slots that the object was allocated with.
    let slot = unsafe { &*object.properties_table.as_ptr().add(index) };
    (slot.get_type() != ext_php_rs::flags::DataType::Undef).then(|| slot.dereference())
}

/// How many properties an instance of the class has.
fn property_count(class: &ClassEntry) -> usize {
    usize::try_from(class.default_properties_count).unwrap_or(0)
}

/// Declares a typed property without a value.
pub(super) fn declare_property(class: &mut ClassEntry, name: &str, mut type_: ffi::zend_type, flags: u32) {
    if !type_.ptr.is_null() {
        // The builder leaves a C string here, which is what an argument has; a property has an interned string.
        // SAFETY: the pointer comes from `ZendType`, which made it with `CString::into_raw`.
        let name = unsafe { CString::from_raw(type_.ptr.cast()) };
        type_.ptr = ZendStr::new_interned(name.to_bytes(), true).into_raw().cast();
        type_.type_mask = type_.type_mask & ffi::_ZEND_TYPE_NULLABLE_BIT | ffi::_ZEND_TYPE_NAME_BIT;
    }
    let name = ZendStr::new_interned(name, true).into_raw();
    let mut undefined = Zval::new();
    undefined.u1.type_info = ffi::IS_UNDEF;
    // SAFETY: called while the class is being registered; the name is interned and persistent, and a property without
    // a value takes none.
    unsafe {
        ffi::zend_declare_typed_property(
            class,
            name,
            &raw mut undefined,
            flags.cast_signed(),
            ptr::null_mut(),
            type_,
        );
    }
}

/// A function, or a method when there is a class, that was registered. To be called while the module starts.
fn find_function(class: Option<&ClassSlot>, name: &str) -> Option<&'static mut ffi::zend_function> {
    let table = match class {
        Some(class) => class.get().map(|class| ptr::from_ref(&class.function_table)),
        // SAFETY: the compiler's globals live as long as the process.
        None => unsafe { ffi::ext_php_rs_compiler_globals().as_ref() }
            .map(|globals| globals.function_table.cast_const()),
    };
    // SAFETY: the table belongs to a registered class, or to the compiler; both are alive while the module starts, and
    // nobody else looks at the functions of this module meanwhile.
    unsafe {
        ffi::zend_hash_str_find_ptr_lc(table?, name.as_ptr().cast(), name.len())
            .cast::<ffi::zend_function>()
            .as_mut()
    }
}

/// What a union may have beside a class.
#[derive(Clone, Copy, Debug)]
pub(super) enum Also {
    /// An array.
    Array,
    /// A string.
    String,
}

/// Adds a type to that of a parameter, which is a class: no builder can declare a union.
pub(super) fn widen(class: Option<&ClassSlot>, function: &str, parameter: usize, also: Also) {
    let Some(function) = find_function(class, function) else { return };
    let mask = match also {
        Also::Array => 1 << ffi::IS_ARRAY,
        Also::String => 1 << ffi::IS_STRING,
    };
    // SAFETY: every function has the common part, and the parameters that it was registered with. A type that is a class
    // has room for the mask of a union; the engine has copied the table, or it is the one that `ClassSlot` or the module
    // entry keeps, and neither is read-only.
    unsafe { (*function.common.arg_info.add(parameter)).type_.type_mask |= mask };
}

/// Marks a parameter of a function, or of a method when there is a class, with `#[\SensitiveParameter]`.
pub(super) fn mark_sensitive(class: Option<&ClassSlot>, function: &str, parameter: usize) {
    let Some(function) = find_function(class, function) else { return };
    let name = ZendStr::new_interned("SensitiveParameter", true).into_raw();
    // SAFETY: every function has the common part. The attribute is persistent because the function is. Parameters are
    // counted from 1 here: 0 stands for the function itself.
    unsafe {
        ffi::zend_add_attribute(
            &raw mut function.common.attributes,
            name,
            0,
            ffi::ZEND_ATTRIBUTE_PERSISTENT,
            number(parameter),
            0,
        );
    }
}

/// Throws an exception of a class, with values for the properties that come after those of `\Exception`. An exception
/// that is already pending becomes the previous one.
pub(super) fn throw(class: &ClassSlot, message: &str, values: Vec<Zval>) -> Thrown {
    if ends_the_script() {
        return Thrown;
    }
    let message = c_string(message);
    let entry = class.class.load(Ordering::Acquire);
    // SAFETY: without a class, the engine takes `\Exception`; it copies the message, and returns the object that it
    // keeps as the pending exception.
    if let Some(object) = unsafe { ffi::zend_throw_exception(entry, message.as_ptr(), 0).as_mut() } {
        set_properties(object, exception_properties(), values);
    }
    Thrown
}

/// Makes the objects of a class opaque: `==` holds for one and the same object only, and nothing of them can be listed
/// or walked over. What PHP values they hold is still known to PHP's collector.
pub(super) fn make_opaque<C: RegisteredClass>() {
    let handlers = handlers_of::<C>();
    // SAFETY: see `handlers_of`.
    unsafe {
        (*handlers).compare = Some(ffi::zend_objects_not_comparable);
        (*handlers).get_properties = Some(no_properties);
        (*handlers).get_gc = Some(all_slots);
    }
}

/// What an object shows in dumps and casts to an array, although it has no properties.
pub(super) trait Shown: RegisteredClass {
    /// Names and values.
    fn shown(&self) -> Result<ZBox<ZendHashTable>, Thrown>;
}

/// Makes the objects of an opaque class show what [`Shown`] says.
pub(super) fn make_shown<T: Shown>() {
    let handlers = handlers_of::<T>();
    // SAFETY: see `handlers_of`.
    unsafe { (*handlers).get_properties_for = Some(shown_properties::<T>) };
}

/// The handlers of a class, to be changed while the module starts: they stand in a static cell that ext-php-rs has just
/// filled, no object of the class exists yet, and nobody else looks at them. Never to be passed on as a reference: the
/// compiler may drop what is written through one that is shared.
fn handlers_of<C: RegisteredClass>() -> *mut ffi::zend_object_handlers {
    ptr::from_ref(C::get_metadata().handlers()).cast_mut()
}

unsafe extern "C" fn shown_properties<T: Shown>(
    object: *mut ZendObject,
    purpose: ffi::zend_prop_purpose,
) -> *mut ZendHashTable {
    // Not for `get_object_vars()`, which some versions of PHP ask for in this way too: it lists what can be read.
    let shows = [
        ffi::_zend_prop_purpose_ZEND_PROP_PURPOSE_DEBUG,
        ffi::_zend_prop_purpose_ZEND_PROP_PURPOSE_ARRAY_CAST,
        ffi::_zend_prop_purpose_ZEND_PROP_PURPOSE_VAR_EXPORT,
        ffi::_zend_prop_purpose_ZEND_PROP_PURPOSE_JSON,
    ]
    .contains(&purpose);
    // SAFETY: the engine passes a live object of the class, and keeps it alive for the length of the call.
    let value = unsafe { object.as_ref() }.filter(|_| shows).and_then(value_of::<T>);
    // The engine releases the table when it has read it.
    value.and_then(|value| value.shown().ok()).unwrap_or_else(ZendHashTable::new).into_raw()
}

unsafe extern "C" fn no_properties(object: *mut ZendObject) -> *mut ZendHashTable {
    // SAFETY: the engine passes a live object, and releases its table with it.
    unsafe {
        if (*object).properties.is_null() {
            (*object).properties = ffi::_zend_new_array(0);
        }
        (*object).properties
    }
}

unsafe extern "C" fn all_slots(
    object: *mut ZendObject,
    table: *mut *mut Zval,
    count: *mut core::ffi::c_int,
) -> *mut ZendHashTable {
    // SAFETY: the engine passes a live object, whose class says how many slots it has, and two places to write to.
    unsafe {
        *table = (*object).properties_table.as_mut_ptr();
        *count = (*(*object).ce).default_properties_count;
    }
    ptr::null_mut()
}

/// Whether what is pending is the end of the script, or of a fiber that is destroyed while it waits: both travel as an
/// exception that nobody may catch.
fn ends_the_script() -> bool {
    let globals = ExecutorGlobals::get();
    globals.exception().is_some_and(|exception| {
        // SAFETY: the engine only reads the class of a live object.
        unsafe { ffi::zend_is_unwind_exit(exception) || ffi::zend_is_graceful_exit(exception) }
    })
}

/// How many properties `\Exception` has: those of a subclass come after them.
pub(super) fn exception_properties() -> usize {
    property_count(ext_php_rs::zend::ce::exception())
}

/// Runs the constructor of `\Exception` on an object of a subclass.
pub(super) fn construct_exception(object: &ZendObject, mut arguments: [Zval; 3]) -> Result<(), Thrown> {
    let class = ptr::from_ref(ext_php_rs::zend::ce::exception()).cast_mut();
    let mut result = Zval::new();
    // SAFETY: the class and its constructor live as long as the process; the object is an instance of it, and alive
    // for the length of the call; the arguments are borrowed.
    unsafe {
        ffi::zend_call_known_function(
            (*class).constructor,
            ptr::from_ref(object).cast_mut(),
            class,
            &raw mut result,
            3,
            arguments.as_mut_ptr(),
            ptr::null_mut(),
        );
    }
    if ExecutorGlobals::has_exception() { Err(Thrown) } else { Ok(()) }
}

/// The Rust value in an object, if it is of that class and was initialized.
pub(super) fn value_of<T: RegisteredClass>(object: &ZendObject) -> Option<&T> {
    ZendClassObject::<T>::from_zend_obj(object)?.obj.as_ref()
}
