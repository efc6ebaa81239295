package io.odradek.server.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is loaded ahead, where there is somebody who does not load it. */
class HeadStartTest {
    /** As those of containers and of closed jars are, which tell of that by whatever exception they have. */
    private static final class Refusing extends ClassLoader {
        private final CountDownLatch last = new CountDownLatch(1);

        Refusing() {
            super(getPlatformClassLoader());
        }

        @Override
        public InputStream getResourceAsStream(String name) {
            return new ByteArrayInputStream("shop.First\nshop.Last\n".getBytes(UTF_8));
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals("shop.Last")) {
                last.countDown();
            }
            if (!name.equals(HeadStart.class.getName())) {
                throw new IllegalStateException("This class loader is closed");
            }
            try (InputStream file = HeadStart.class.getResourceAsStream("HeadStart.class")) {
                byte[] bytes = file.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException unreadable) {
                throw new ClassNotFoundException(name, unreadable);
            }
        }
    }

    @Test
    void aClassLoaderThatRefusesIsNoFailureOfIt() throws Exception {
        Refusing loader = new Refusing();
        Method begin = loader.loadClass(HeadStart.class.getName()).getDeclaredMethod("begin");
        begin.setAccessible(true);

        try (AutoCloseable start = (AutoCloseable) begin.invoke(null)) {
            assertThat(loader.last.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(start).isNotNull();
        }
    }
}
