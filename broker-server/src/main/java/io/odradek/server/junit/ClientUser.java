package io.odradek.server.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Whom an injected client comes as, of those who may log in: {@code @ClientUser("bob")}; the first of them otherwise. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClientUser {
    /** {@return the user's name} */
    String value();
}
