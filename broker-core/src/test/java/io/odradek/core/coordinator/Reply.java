package io.odradek.core.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.Consumer;

/**
 * An answer that may have come; a second one fails the test.
 *
 * @param <T> the response
 */
public final class Reply<T> implements Consumer<T> {
    private T value;

    @Override
    public void accept(T response) {
        assertThat(value).as("a request is answered once").isNull();
        value = response;
    }

    public boolean isHere() {
        return value != null;
    }

    public T get() {
        assertThat(value).as("the request is answered").isNotNull();
        return value;
    }
}
