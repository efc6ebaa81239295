package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Overrides, for one field, the versions in which compact encodings are used (the client id of a request header never is). */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Flexible {
    /** {@return a range, or {@code "none"}} */
    String value();
}
