package io.odradek.lambdas;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.IntToLongFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.LongSupplier;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;

/** Lambdas and method references of every shape, and what comes of them. */
public class AllLambdas implements Supplier<Map<String, Object>> {
    private final Map<String, Object> results = new TreeMap<>();
    private int called;

    @Override
    public Map<String, Object> get() {
        lambdas();
        references();
        conversions();
        results.put("serialized", serialized());
        results.put("line", line());
        return results;
    }

    private void lambdas() {
        Supplier<String> nothing = () -> "nothing";
        results.put("nothing captured", nothing.get());
        int number = called + 3;
        long wide = 1L << 40;
        double fraction = 0.5;
        String text = "text";
        Supplier<String> much = () -> number + text + wide + fraction + called;
        results.put("much captured", much.get());
        Runnable self = () -> called++;
        self.run();
        results.put("self captured", called);
        Function<Integer, Function<Integer, Integer>> nested = a -> b -> a + b + number;
        results.put("nested", nested.apply(1).apply(2));
        LongBinaryOperator sum = (a, b) -> a + b + wide;
        results.put("wide arguments", sum.applyAsLong(1, 2));
        DoubleUnaryOperator half = a -> a * fraction;
        results.put("fractions", half.applyAsDouble(3));
        Callable<Integer> checked = () -> {
            throw new java.io.IOException("checked");
        };
        try {
            checked.call();
        } catch (Exception thrown) {
            results.put("thrown", thrown.getMessage());
        }
        results.put("inner", new Inner().made(4).get());
        results.put("of an interface", new Square().area(5).getAsInt());
        results.put("static of an interface", Shape.named("shape").get());
        List<String> words = new ArrayList<>(List.of("ccc", "a", "bb"));
        words.sort(Comparator.comparing(String::length, (a, b) -> b - a));
        results.put("generic", words);
    }

    private void references() {
        Function<String, Integer> fixed = Integer::parseInt;
        results.put("static", fixed.apply("12"));
        Function<String, Integer> own = this::hidden;
        results.put("private", own.apply("abc"));
        Function<String, String> unbound = String::trim;
        results.put("of an argument", unbound.apply("  x "));
        Supplier<List<String>> made = ArrayList::new;
        results.put("constructor", made.get());
        Function<Integer, List<String>> sized = ArrayList::new;
        results.put("constructor with an argument", sized.apply(3));
        IntFunction<int[]> array = int[]::new;
        results.put("array", array.apply(3).length);
        Function<List<?>, Integer> byInterface = List::size;
        results.put("of an interface's argument", byInterface.apply(List.of(1, 2)));
        Consumer<String> dropped = new ArrayList<String>()::add;
        dropped.accept("result dropped");
        results.put("of the parent", new Inner().parents().get());
        Supplier<Inner> inner = Inner::new;
        results.put("private constructor", inner.get().made(1).get());
        ObjIntConsumer<List<Integer>> adds = List::add;
        List<Integer> list = new ArrayList<>();
        adds.accept(list, 7);
        results.put("boxed argument", list);
        BiFunction<String, Object[], String> many = String::format;
        results.put("many", many.apply("%s-%s", new Object[] {"a", 1}));
    }

    private void conversions() {
        IntSupplier unboxed = Integer.valueOf(5)::intValue;
        results.put("unboxed", unboxed.getAsInt());
        Supplier<Integer> boxed = unboxed::getAsInt;
        results.put("boxed", boxed.get());
        LongSupplier widened = unboxed::getAsInt;
        results.put("widened", widened.getAsLong());
        IntToLongFunction widens = Math::abs;
        results.put("widened result", widens.applyAsLong(-6));
        ToLongFunction<Integer> unboxedAndWidened = AllLambdas::twice;
        results.put("unboxed and widened", unboxedAndWidened.applyAsLong(8));
        ToIntFunction<Character> letter = AllLambdas::code;
        results.put("letter", letter.applyAsInt('x'));
        ToDoubleFunction<Float> real = Float::floatValue;
        results.put("real", real.applyAsDouble(1.5f));
        Function<Character, Object> same = AllLambdas::letter;
        results.put("boxed letter", same.apply('y'));
        BooleanSupplier truth = Boolean.TRUE::booleanValue;
        Predicate<Object> equal = "z"::equals;
        results.put("truths", List.of(truth.getAsBoolean(), equal.test("z")));
        UnaryOperator<Integer> increased = a -> a + 1;
        results.put("operator", increased.apply(1));
        Function<Object, Number> narrower = object -> object.hashCode();
        results.put("narrower", narrower.apply(12));
    }

    @SuppressWarnings("unchecked")
    private static Object serialized() {
        Supplier<String> kept = (Supplier<String> & Serializable) () -> "serialized";
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            new ObjectOutputStream(bytes).writeObject(kept);
            Object read = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray())).readObject();
            return ((Supplier<String>) read).get();
        } catch (Exception thrown) {
            return thrown;
        }
    }

    private static int line() {
        Supplier<Integer> thrower = () -> {
            StackTraceElement here = new Throwable().getStackTrace()[0];
            return here.getLineNumber();
        };
        return thrower.get();
    }

    private int hidden(String text) {
        return text.length() + called;
    }

    private static long twice(long number) {
        return number * 2;
    }

    private static int code(int letter) {
        return letter;
    }

    private static char letter(char letter) {
        return letter;
    }

    /** Its private members are asked for by lambdas of the class around it. */
    static final class Inner extends Parent {
        private Inner() {}

        Supplier<String> made(int number) {
            return () -> "inner " + secret(number);
        }

        Supplier<String> parents() {
            Supplier<String> parents = super::name;
            Supplier<String> own = this::name;
            return () -> own.get() + " of " + parents.get();
        }

        @Override
        String name() {
            return "child";
        }

        private String secret(int number) {
            return "secret " + number;
        }
    }

    /** With lambdas of its own. */
    interface Shape {
        /** Captures itself. */
        default IntSupplier area(int side) {
            return () -> side * sides();
        }

        private int sides() {
            return 4;
        }

        /** Captures an argument. */
        static Supplier<String> named(String name) {
            return () -> name + "!";
        }
    }

    /** One of them. */
    static final class Square implements Shape {}

    /** What is overridden. */
    static class Parent {
        String name() {
            return "parent";
        }
    }
}
