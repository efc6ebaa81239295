package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** The versions in which a field may be null on the wire. A null met in any other version is malformed. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Nullable {
    /** {@return a range such as {@code "4+"}; by default every version} */
    String value() default "0+";
}
