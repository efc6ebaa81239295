package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a record that is neither request nor response: a header, or a value persisted in an internal topic. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Message {
    /** {@return the versions declared, such as {@code "0-2"}} */
    String versions();

    /** {@return the versions with compact encodings and tagged fields, such as {@code "2+"} or {@code "none"}} */
    String flexible();
}
