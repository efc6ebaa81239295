package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The versions in which a field is on the wire; without this annotation, all of its message. Elsewhere a decoded field has its default. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Versions {
    /** {@return a range such as {@code "4+"}, {@code "0-14"} or {@code "7"}} */
    String value();
}
