package io.odradek.core.request;

import io.odradek.core.transport.RequestContext;
import java.util.function.Predicate;

/** Says who may read which topics. */
@FunctionalInterface
public interface TopicReaders {
    /** {@return whether whoever has sent a request may read a topic} */
    Predicate<String> of(RequestContext context);
}
