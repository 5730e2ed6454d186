/*
 * Runs vars/fusegateFleet.groovy with a stand-in for each step that it calls; `parallel` runs its branches one after the other and fails as
 * the first of them did. The third one gets no agent. Files are those of the working folder: the node that calls and every branch have it as
 * their workspace, with what an earlier build left there. The app that fails leaves no result, as one that cannot start.
 *
 * Arguments: the script of vars/, the text of `apps`, the app that fails, and the file that the record goes to.
 */
import groovy.json.JsonOutput

def (vars, apps, failing, recordFile) = args
def record = [steps: [], error: null]
def note = { String step, Map more -> record.steps << ([step: step] + more) }
def stashed = [:]
def fileOf = { String name -> new File(new File(recordFile).parentFile, name) }
def binding = new Binding()
def step = { String name, Closure body -> binding.setVariable(name, body) }
step('parallel') { Map branches ->
  note('parallel', [branches: branches.keySet() as List])
  def first = null
  branches.each { name, body ->
    try {
      body()
    } catch (RuntimeException error) {
      first = first ?: error
    }
  }
  if (first != null) throw first
}
step('node') { String label, Closure body ->
  note('node', [label: label])
  if (record.steps.count { it.step == 'node' } == 3) throw new RuntimeException('the agent went away')
  body()
}
step('fusegate') { Map options ->
  note('fusegate', [options: options])
  if (options.fleetApp == failing) throw new RuntimeException('the gate of ' + failing + ' failed')
  fileOf('fusegate-output/' + options.fleetApp.split('@')[0] + '/fusegate-result.json').setText('new', 'UTF-8')
}
step('stash') { Map named ->
  note('stash', named)
  def file = fileOf(named.includes)
  if (!file.exists() && !named.allowEmpty) throw new RuntimeException('No files included in stash')
  stashed[named.name] = [file: file, text: file.exists() ? file.getText('UTF-8') : null]
}
step('unstash') { String name ->
  note('unstash', [name: name])
  if (!stashed.containsKey(name)) throw new RuntimeException('no stash ' + name)
  def (file, text) = [stashed[name].file, stashed[name].text]
  if (text == null) return
  file.parentFile.mkdirs()
  file.setText(text, 'UTF-8')
}
step('fileExists') { String name -> fileOf(name).exists() }
step('readFile') { Map named -> fileOf(named.file).getText(named.encoding) }
step('dir') { String name, Closure body ->
  binding.setVariable('here', fileOf(name))
  body()
}
step('deleteDir') { binding.getVariable('here').deleteDir() }
step('echo') { String text -> note('echo', [text: text]) }

def library = new GroovyShell(binding).parse(new File(vars))
try {
  library.call(fleet: 'f.yml', apps: apps, label: 'linux', prepare: { note('prepare', [:]) }, credentials: [apiKey: 'appdome'])
} catch (RuntimeException error) {
  record.error = error.message
}
new File(recordFile).setText(JsonOutput.toJson(record), 'UTF-8')
