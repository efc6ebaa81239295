package io.odradek.server.tools;

import java.util.Collection;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Which options go with what a tool is asked to do, where it can do several things. */
public final class ActionOptions {
    private ActionOptions() {}

    /**
     * Refuses options that were given and do not go with what is asked for.
     *
     * @param spec the tool's, after its arguments have been read
     * @param action what is asked for, as it was typed
     * @param allowed the options that go with it
     * @param all those that go with any of what can be asked for; others are not looked at
     */
    public static void check(CommandSpec spec, String action, Set<String> allowed, Collection<String> all) {
        for (OptionSpec given : spec.commandLine().getParseResult().matchedOptions()) {
            String name = given.longestName();
            UsageException.when(all.contains(name) && !allowed.contains(name), name + " does not go with " + action);
        }
    }
}
