package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Declares a record as the response of an API. The record implements {@code ApiResponse}; nested records are its parts. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.TYPE)
public @interface Response {
    /** {@return the API key} */
    short key();

    /** {@return the versions declared, such as {@code "3-11"} or {@code "0"}} */
    String versions();

    /** {@return the versions with compact encodings and tagged fields, such as {@code "9+"} or {@code "none"}} */
    String flexible();

    /**
     * {@return the versions in which it has no place for an error, so that an error answer is an empty one; in all others it
     * has an {@code ErrorCode}, itself or in the elements that mirror those of the request}
     */
    String errorless() default "none";
}
