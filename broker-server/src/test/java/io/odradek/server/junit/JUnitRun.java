package io.odradek.server.junit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** A program that runs tests with whatever JUnit is on its class path, and says what came of it. */
public final class JUnitRun {
    private JUnitRun() {}

    /** @param classes names of classes with tests */
    public static void main(String[] classes) throws Exception {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String name : classes) {
            request.selectors(selectClass(Class.forName(name)));
        }
        LauncherDiscoveryRequest parallel = request.configurationParameter(
                        "junit.jupiter.execution.parallel.enabled", "true")
                .configurationParameter("junit.jupiter.execution.parallel.mode.default", "concurrent")
                .configurationParameter("junit.jupiter.execution.parallel.config.strategy", "fixed")
                .configurationParameter("junit.jupiter.execution.parallel.config.fixed.parallelism", "4")
                .build();
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(parallel, listener);
        TestExecutionSummary summary = listener.getSummary();
        for (TestExecutionSummary.Failure failure : summary.getFailures()) {
            System.out.println("failed: " + failure.getTestIdentifier().getDisplayName() + ": "
                    + failure.getException().getMessage());
        }
        System.out.println("succeeded: " + summary.getTestsSucceededCount());
        System.out.println("lives: " + TinySuite.LIVES);
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("odradek-") || thread.getName().startsWith("kafka-")) {
                System.out.println("left: " + thread.getName());
            }
        }
    }
}
