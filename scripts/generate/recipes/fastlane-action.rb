# Template of recipes/fastlane/actions/fusegate.rb: fastlane-action.ts fills in what the option table says.
#{{GENERATED}}
require 'fileutils'

module Fastlane
  module Actions
    module SharedValues
      #{{SHARED_VALUES}}
    end

    # Runs one exact version of the command line, and tells the lane what it learnt.
    class FusegateAction < Action
      # npm compares what it downloads with the digest in its registry.
      PACKAGE = #{{PACKAGE}}.freeze

      OUTPUTS = #{{OUTPUTS}}.freeze

      # Options whose values may hold secrets, as base64 or JSON. What is not the path of a file goes by the environment, like
      # passwords: every process on the machine can read arguments.
      DELICATE = #{{DELICATE}}.freeze

      MODES_WITH_OUTPUT = #{{WITH_OUTPUT}}.freeze

      EXITS = #{{EXITS}}.freeze

      # What earlier actions of the lane built, by the extension of the file.
      BUILT = {
        '.ipa' => :IPA_OUTPUT_PATH,
        '.aab' => :GRADLE_AAB_OUTPUT_PATH,
        '.apk' => :GRADLE_APK_OUTPUT_PATH
      }.freeze

      def self.run(params)
        mode = folded(params[:mode])
        environment, arguments = inputs(params)
        app = app_of(params, mode)
        arguments << "--app=#{app}" if app && params[:app].to_s.empty?
        outputs = output_file(params, mode)
        forget(outputs) if outputs

        ended = system(environment, 'npx', '--yes', PACKAGE, mode, *arguments)
        status = $?.exitstatus if $?
        tell(outputs, app || params[:app]) if outputs
        return lane_value('FUSEGATE_PROTECTED_APP') if ended

        UI.user_error!("npx cannot be started: install Node 20.20 or newer") if ended.nil?
        UI.user_error!(failure(mode, status))
      end

      # What the lane gave, without what the command reads from the environment itself.
      def self.inputs(params)
        environment = {}
        arguments = []
        available_options.each do |item|
          next if item.key == :mode

          text = text_of(params[item.key])
          next if text.empty? || text == text_of(item.auto_convert_value(ENV[item.env_name]))
          # Other modes have no output folder, so its default is not for them.
          next if text == item.default_value && !MODES_WITH_OUTPUT.include?(folded(params[:mode]))

          if item.sensitive || (DELICATE.include?(item.key) && !text.split("\n").all? { |each| File.file?(each) })
            environment[item.env_name] = text
          else
            arguments << "--#{item.key.to_s.tr('_', '-')}=#{text}"
          end
        end
        [environment, arguments]
      end

      # A list has a line for each item, since a name may hold a comma.
      def self.text_of(value)
        value.kind_of?(Array) ? value.map { |each| each.to_s.strip }.join("\n") : value.to_s
      end

      def self.app_of(params, mode)
        named = [:app, :app_id, :build_id, :fleet].any? { |key| !params[key].to_s.empty? }
        return nil if mode != 'run' || named

        built = BUILT.values.map { |name| Actions.lane_context[name] }.compact.uniq
        return built.first if built.length < 2

        UI.user_error!("This lane built #{built.join(' and ')}: say which one with app")
      end

      # Modes that write results leave their outputs there.
      def self.output_file(params, mode)
        return nil unless MODES_WITH_OUTPUT.include?(mode)

        File.join(params[:output_dir], 'private', 'fusegate.dotenv')
      end

      # No outputs of an earlier run, whatever happens now.
      def self.forget(outputs)
        FileUtils.rm_f(outputs)
        OUTPUTS.each { |name, _| Actions.lane_context.delete(name.to_sym) }
      end

      # The lane learns the outputs of a red run, too. Later actions find the protected app where they would have found the
      # other one, or nothing.
      def self.tell(outputs, app)
        lines = File.file?(outputs) ? File.readlines(outputs, chomp: true, encoding: 'UTF-8') : []
        values = lines.map { |line| line.split('=', 2) }.to_h
        OUTPUTS.each do |name, _|
          value = values[name.delete_prefix('FUSEGATE_')].to_s
          Actions.lane_context[name.to_sym] = value unless value.empty?
        end
        BUILT.each_value do |name|
          next unless app && Actions.lane_context[name] == app

          Actions.lane_context[name] = lane_value('FUSEGATE_PROTECTED_APP')
        end
      end

      def self.lane_value(name)
        Actions.lane_context[name.to_sym]
      end

      def self.failure(mode, status)
        what = "fusegate #{mode} ended with exit #{status || 'unknown'}: #{EXITS.fetch(status, 'see the log')}"
        verdict = lane_value('FUSEGATE_VERDICT')
        missing = lane_value('FUSEGATE_MISSING_FEATURES')
        [what, verdict && "verdict: #{verdict}", missing && "not proven: #{missing}"].compact.join('; ')
      end

      # As the command compares them: without case, hyphens, underscores and blanks.
      def self.folded(word)
        word.to_s.downcase.delete('-_ ')
      end

      def self.one_of(key, words)
        proc do |value|
          wrong = Array(value).reject { |each| words.any? { |word| folded(word) == folded(each) } }
          UI.user_error!("#{key} is #{wrong.join(', ')}; allowed: #{words.join(', ')}") unless wrong.empty?
        end
      end

      def self.available_options
        #{{OPTIONS}}
      end

      def self.description
        'Protects an app with Appdome, and fails unless its certificate proves the protections that you require'
      end

      def self.details
        'Uploads a finished app, applies a Fusion Set, signs, downloads the protected app, and reads the Certified Secure ' \
          'certificate. Needs Node 20.20 or newer.'
      end

      def self.output
        OUTPUTS
      end

      def self.return_value
        'The path of the protected app'
      end

      def self.return_type
        :string
      end

      def self.authors
        ['Fusegate']
      end

      def self.example_code
        [
          "fusegate(sign: 'on-appdome', keystore: 'release.jks', keystore_alias: 'release', required_features: ['Root Detection'])",
          "fusegate(mode: 'gate', certificate: ['certificate.pdf'], policy: 'security/appdome-policy.yml')"
        ]
      end

      def self.category
        :misc
      end

      def self.is_supported?(platform)
        [:android, :ios].include?(platform)
      end
    end
  end
end
