package com.microsoft.windowsazure.serviceruntime;

/** A folder of the instance's own. */
public final class LocalResource {
  private final String name;
  private final String rootPath;
  private final int megabytes;

  LocalResource(String name, String rootPath, int megabytes) {
    this.name = name;
    this.rootPath = rootPath;
    this.megabytes = megabytes;
  }

  /** Returns how much the role means to keep there, in megabytes. */
  public int getMaximumSizeInMegabytes() {
    return megabytes;
  }

  /** Returns its name. */
  public String getName() {
    return name;
  }

  /** Returns its absolute path. */
  public String getRootPath() {
    return rootPath;
  }

  @Override
  public String toString() {
    return "LocalResource " + name + ": " + rootPath + ", " + megabytes + " MB";
  }
}
