package io.odradek.server.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Settings of an injected client: {@code @ClientSettings({"group.id=readers", "isolation.level=read_committed"})}. */
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
@Documented
public @interface ClientSettings {
    /** {@return settings by Kafka's names, each as {@code name=value}} */
    String[] value();
}
