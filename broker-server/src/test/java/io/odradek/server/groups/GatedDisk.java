package io.odradek.server.groups;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;

/**
 * The operating system's disk, of which the log of one partition of {@code __consumer_offsets} cannot be read by its coordinator: not for a
 * while, or with a failure.
 */
final class GatedDisk {
    private enum Reads {
        SERVED,
        HELD,
        FAILED
    }

    private final String folder;
    private final LogFileSystem files = (LogFileSystem) proxy(
            LogFileSystem.class, (method, arguments) -> opened(invoke(new NioLogFileSystem(), method, arguments)));
    private Reads reads = Reads.SERVED;

    private interface Call {
        Object on(Method method, Object[] arguments) throws Throwable;
    }

    /** @param partition the name of its folder */
    GatedDisk(String partition) {
        folder = partition;
    }

    LogFileSystem files() {
        return files;
    }

    /** From now on reads do not return. */
    synchronized void hold() {
        reads = Reads.HELD;
    }

    /** From now on reads fail, those that were held too. */
    synchronized void fail() {
        reads = Reads.FAILED;
        notifyAll();
    }

    /** From now on reads are served, those that were held too. */
    synchronized void heal() {
        reads = Reads.SERVED;
        notifyAll();
    }

    private synchronized void awaitRead(Path path) throws IOException, InterruptedException {
        if (!path.getParent().getFileName().toString().equals(folder)
                || !path.toString().endsWith(".log")
                || !isReplay()) {
            return;
        }
        while (reads == Reads.HELD) {
            wait();
        }
        if (reads == Reads.FAILED) {
            throw new IOException("Cannot read " + path + ": the disk fails");
        }
    }

    /** All else reads on: the start, which looks at the log's end, and the owner, which looks up where the replay goes on. */
    private static boolean isReplay() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".LogReplay")
                        && frame.getMethodName().equals("readBytes")));
    }

    private Object opened(Object result) {
        if (!(result instanceof LogFile file)) {
            return result;
        }
        return proxy(LogFile.class, (method, arguments) -> {
            if (method.getName().equals("read") || method.getName().equals("transferTo")) {
                awaitRead(file.path());
            }
            return invoke(file, method, arguments);
        });
    }

    private static Object proxy(Class<?> type, Call call) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> call.on(method, arguments));
    }

    private static Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException failed) {
            throw failed.getCause();
        }
    }
}
