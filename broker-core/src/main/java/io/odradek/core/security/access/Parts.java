package io.odradek.core.security.access;

import io.odradek.protocol.api.ApiRequest;
import io.odradek.protocol.api.ApiResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Function;

/**
 * How the requests of an API are made of parts, each of which may be refused while the others are served.
 *
 * @param of the parts of a request; null stands for no list of them, which asks for all
 * @param name the name of the resource that a part is about
 * @param with the request with these parts and no others
 * @param join the answers to some parts and to the others, as one
 * @param <R> the request
 * @param <I> a part
 * @param <A> the answer
 */
record Parts<R extends ApiRequest, I, A extends ApiResponse>(
        Function<R, List<I>> of, Function<I, String> name, BiFunction<R, List<I>, R> with, BinaryOperator<A> join) {
    /** {@return the elements of two lists} */
    static <T> List<T> both(List<T> some, List<T> others) {
        List<T> all = new ArrayList<>(some.size() + others.size());
        all.addAll(some);
        all.addAll(others);
        return all;
    }
}
