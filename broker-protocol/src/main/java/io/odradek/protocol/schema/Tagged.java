package io.odradek.protocol.schema;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A tagged field (KIP-482): in the given versions it travels in the tag section, and only when it differs from its default. */
@Documented
@Retention(RetentionPolicy.SOURCE)
@Target(ElementType.RECORD_COMPONENT)
public @interface Tagged {
    /** {@return the tag number} */
    int tag();

    /** {@return the versions in which it is tagged; outside them it is not on the wire unless {@link Versions} says so} */
    String versions();
}
