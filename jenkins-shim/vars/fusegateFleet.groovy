/**
 * Runs every app of a fleet in a branch of its own, in parallel, and brings their results back to the node that it is called on.
 *
 *   node('linux') {
 *     checkout scm
 *     String apps = sh(returnStdout: true,
 *       script: 'npx --yes fusegate@0.1.0 plan --fleet fusegate.fleet.yml --format jenkins')
 *     try {
 *       fusegateFleet(fleet: 'fusegate.fleet.yml', apps: apps, label: 'linux', prepare: { checkout scm },
 *         credentials: [apiKey: 'appdome-api-key'])
 *     } finally {
 *       sh 'npx --yes fusegate@0.1.0 report --fleet fusegate.fleet.yml'
 *     }
 *   }
 *
 * Every argument of `fusegate`, which win over the fleet file, and:
 *   fleet    the fleet file
 *   apps     what `fusegate plan --format jenkins` printed: an app per line
 *   label    the agents of the branches; default: any
 *   prepare  brings the fleet file and the app into a branch's workspace; default: checkout scm
 */
def call(Map arguments) {
  Map options = [:]
  options.putAll(arguments)
  String[] apps = options.remove('apps').toString().trim().split('\\s+')
  String label = options.remove('label') ?: ''
  Closure prepare = (options.remove('prepare') ?: { checkout(scm) }) as Closure
  Map branches = [:]
  for (int i = 0; i < apps.length; i++) {
    branches[nameOf(apps[i])] = branchOf(apps[i], options, label, prepare)
  }
  try {
    parallel(branches)
  } finally {
    for (int i = 0; i < apps.length; i++) {
      // What an earlier build left in this workspace is no result of this one.
      dir('fusegate-output/' + nameOf(apps[i])) {
        deleteDir()
      }
      try {
        unstash('fusegate-' + nameOf(apps[i]))
      } catch (Exception absent) {
        // `fusegate report --fleet` names an app without a result.
        echo('Fusegate: no result of ' + nameOf(apps[i]))
      }
    }
  }
}

/** Without the plan that follows it. */
private String nameOf(String app) {
  return app.split('@')[0]
}

private Closure branchOf(String app, Map options, String label, Closure prepare) {
  String result = 'fusegate-output/' + nameOf(app) + '/fusegate-result.json'
  return {
    node(label) {
      prepare()
      // Of an earlier build. The folder stays: with it, a run continues the build that it had begun.
      String earlier = textOf(result)
      try {
        Map own = [:]
        own.putAll(options)
        own.fleetApp = app
        fusegate(own)
      } finally {
        // Empty where this run left none: an error here would hide why.
        boolean isOwn = textOf(result) != earlier
        stash(name: 'fusegate-' + nameOf(app), includes: isOwn ? result : 'no-result', allowEmpty: true)
      }
    }
  }
}

private String textOf(String file) {
  return fileExists(file) ? readFile(file: file, encoding: 'UTF-8') : ''
}
