package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A response that says for how many milliseconds its client is throttled. That is an int32 on the wire, but no component:
 * it is not for the handler to know, and is given when the response is written (KIP-219).
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface ThrottleTime {
    /** {@return the versions that have it} */
    String value() default "0+";

    /** {@return the component that it follows; by default it comes before all} */
    String after() default "";
}
