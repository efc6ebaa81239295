package io.odradek.server.metrics;

/**
 * Shows a broker's meters over JMX, from a thread of its own that looks every few seconds; the first time some time after the
 * start, which is not to wait for it.
 */
public final class JmxView implements AutoCloseable {
    private static final long FIRST_LOOK_MS = 500;
    private static final long INTERVAL_MS = 2_000;

    private final KafkaBeans beans;
    private final Thread thread;

    private JmxView(BrokerRegistry registry) {
        beans = new KafkaBeans(registry);
        thread = new Thread(this::run, "odradek-metrics");
        thread.setDaemon(true);
    }

    /** Begins to show meters; returns at once. */
    public static JmxView of(BrokerRegistry registry) {
        JmxView view = new JmxView(registry);
        view.thread.start();
        return view;
    }

    private void run() {
        try {
            Thread.sleep(FIRST_LOOK_MS);
            while (true) {
                beans.look();
                Thread.sleep(INTERVAL_MS);
            }
        } catch (InterruptedException closed) {
            beans.close();
        }
    }

    /** Forgets all MBeans, and waits until that is done. */
    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException notNow) {
            Thread.currentThread().interrupt();
        }
    }
}
