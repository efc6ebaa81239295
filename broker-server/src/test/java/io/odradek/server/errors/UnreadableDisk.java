package io.odradek.server.errors;

import io.odradek.storage.io.LogFile;
import io.odradek.storage.io.LogFileSystem;
import io.odradek.storage.io.NioLogFileSystem;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A disk that for a while is slow, or fails, when coordinators load the records of internal topics; all else goes well. */
final class UnreadableDisk {
    private final LogFileSystem whole = new NioLogFileSystem();
    private volatile CountDownLatch slow = new CountDownLatch(0);
    private volatile boolean broken;

    /** Loading makes no progress from now on, until {@link #heal}. */
    void slow() {
        slow = new CountDownLatch(1);
    }

    /** Loading fails from now on, until {@link #heal}. */
    void broken() {
        broken = true;
    }

    void heal() {
        broken = false;
        slow.countDown();
    }

    LogFileSystem fileSystem() {
        return proxy(LogFileSystem.class, (method, arguments) -> {
            Object opened = call(whole, method, arguments);
            return opened instanceof LogFile file && isInternal(file.path()) ? guarded(file) : opened;
        });
    }

    private static boolean isInternal(Path path) {
        return path.getFileName().toString().endsWith(".log")
                && path.getParent().getFileName().toString().startsWith("__");
    }

    private LogFile guarded(LogFile file) {
        return proxy(LogFile.class, (method, arguments) -> {
            if (method.getName().equals("read") && isLoading()) {
                slow.await();
                if (broken) {
                    throw new IOException("the disk cannot read now");
                }
            }
            return call(file, method, arguments);
        });
    }

    private static boolean isLoading() {
        return StackWalker.getInstance()
                .walk(frames -> frames.anyMatch(frame -> frame.getClassName().endsWith(".LogReplay")
                        && frame.getMethodName().equals("readBytes")));
    }

    private interface Call {
        Object made(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (self, method, arguments) -> call.made(method, arguments)));
    }

    private static Object call(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
