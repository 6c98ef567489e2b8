package dev.rmb.standalone.node;

/** What is known of this build. */
public final class Build {
    private Build() {}

    /** The version, from the jar that this runs from. */
    public static String version() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
