package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A component of a response that an error answer takes from the request. A list of records gets one element for each of
 * the request's list, which carries the error; any other component gets the value that it has there.
 */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Mirrors {
    /**
     * {@return where it is in the request, or in the request's element that the enclosing element mirrors: components by
     * name, with dots between those of lists in lists; several for one that has another name in other versions. By default
     * its own name, or the request's element itself where that is a plain value. What an element does not have is taken from
     * the element whose list it is in, where the path to the list leads through one}
     */
    String[] value() default {};

    /** {@return the versions in which an error answer has it, if the request has it too} */
    String versions() default "0+";
}
