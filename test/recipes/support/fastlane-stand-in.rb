# A small stand-in for the API that fastlane gives its actions, written after its source (fastlane_core/configuration/config_item.rb,
# configuration.rb, fastlane/action.rb): conversion, types, verification, the order of lane, environment and default.
# Usage: ruby fastlane-stand-in.rb ACTION < JSON; prints JSON. Input: { calls: [{…}], lane: {…} }.
require 'json'

module FastlaneCore
  class UserError < StandardError; end

  class ConfigItem
    attr_reader :key, :env_name, :description, :default_value, :optional, :sensitive, :data_type

    def initialize(key:, env_name:, description:, type:, optional: false, sensitive: false, default_value: nil, verify_block: nil)
      raise 'the key is a symbol' unless key.kind_of?(Symbol)
      raise "do not let descriptions end with a '.': #{key}" if description.end_with?('.')

      @key, @env_name, @description, @optional, @sensitive = key, env_name, description, optional, sensitive
      @data_type, @default_value, @verify_block = type, default_value, verify_block
    end

    def auto_convert_value(value)
      return nil if value.nil?
      return value.kind_of?(String) ? value.split(',') : value if data_type == Array
      return value.to_i if data_type == Integer && value.to_i.to_s == value.to_s
      return true if data_type == Fastlane::Boolean && %w(YES yes true TRUE).include?(value)
      return false if data_type == Fastlane::Boolean && %w(NO no false FALSE).include?(value)

      value
    end

    def verify!(value)
      return if value.nil?

      fits = data_type == Fastlane::Boolean ? [true, false].include?(value) : value.kind_of?(data_type)
      Fastlane::UI.user_error!("'#{key}' value must be a #{data_type}! Found #{value.class} instead.") unless fits
      @verify_block&.call(value)
    end
  end

  class Configuration
    def initialize(items, values)
      @items = items.to_h { |item| [item.key, item] }
      @values = values
      values.each_key { |key| Fastlane::UI.user_error!("Could not find option '#{key}'") unless @items.key?(key) }
      values.each { |key, value| @items[key].verify!(@items[key].auto_convert_value(value)) }
    end

    def [](key)
      item = @items.fetch(key)
      value = @values.key?(key) ? @values[key] : ENV.fetch(item.env_name, item.default_value)
      item.auto_convert_value(value).tap { |converted| item.verify!(converted) }
    end
  end
end

module Fastlane
  class Boolean; end

  module UI
    def self.user_error!(message)
      raise FastlaneCore::UserError, message
    end
  end

  Action = Class.new do
    const_set(:UI, UI)
  end

  module Actions
    Action = Fastlane::Action
    UI = Fastlane::UI

    def self.lane_context
      @lane_context ||= {}
    end
  end
end

require File.expand_path(ARGV.fetch(0))

action = Fastlane::Actions::FusegateAction
input = JSON.parse($stdin.read)
context = Fastlane::Actions.lane_context
(input['lane'] || {}).each { |key, value| context[key.to_sym] = value }

ended = (input['calls'] || []).map do |call|
  # A value that begins with ':' names one of the lane context.
  values = call.to_h { |key, value| [key.to_sym, value.to_s.start_with?(':') ? context[value[1..].to_sym] : value] }
  { returned: action.run(FastlaneCore::Configuration.new(action.available_options, values)) }
rescue FastlaneCore::UserError => e
  { error: e.message }
end

$stdout.flush
puts "\n#{JSON.generate(
  ended: ended,
  lane: context,
  options: action.available_options.map do |item|
    { key: item.key, env_name: item.env_name, type: item.data_type.to_s, sensitive: item.sensitive, optional: item.optional }
  end,
  outputs: action.output.map(&:first),
  platforms: [:ios, :android, :mac].select { |platform| action.is_supported?(platform) }
)}"
