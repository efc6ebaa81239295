package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The value of a field that is not on the wire. Without this annotation: 0, false, the empty string, the empty list, the empty payload, the zero identifier. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Default {
    /** {@return the value as text, {@code "null"} for null; hexadecimal as {@code 0x7fffffff}} */
    String value();
}
