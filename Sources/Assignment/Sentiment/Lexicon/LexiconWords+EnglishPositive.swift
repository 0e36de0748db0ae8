extension Lexicon {
    /// Words of English that speak well of something, from 4, what one can hardly say better, down to 1.
    /// Written for this project; stems end in a star, phrases are joined by underscores.
    static let englishPositive = """
        4: adorable* adore adores adoring amazing amazingly awesome awesomeness awesomest best_day best_ever
        best_night bliss blissful* breathtaking brilliant* delighted delightful* dream_come_true ecstatic elated
        epic_win euphori* exceptional* exquisite* extraordinary fabulous* fantastic* flawless* fuck_yeah
        fuck_yes fucking_amazing fucking_awesome fucking_love goat goated gorgeous* heavenly hell_yeah hell_yes
        in_love incredible jaw_dropping legendary life_changing love_love love_you_all love_you_so_much
        made_my_day made_my_night made_my_week made_my_year magnificent* marvellous* marvelous* masterpiece*
        mind_blowing mindblowing next_level out_of_this_world outstanding* over_the_moon overjoyed perfect
        perfection perfectly phenomenal* sensational so_fucking_good spectacular* stunning* superb* the_best
        the_goat thrilled top_notch wonderful* world_class
        3: a_blast a_great_time a_plus admirable admiration admire admired admires adorbs adored amped angel
        angels appreciat* bad_ass badass beauties beautiful* beauty beguiling beloved best best_album
        best_feeling best_game best_movie best_of_luck best_part best_player best_show best_song best_team
        best_thing best_weekend best_wishes better_than_ever big_win blast bless bless_you blessed blessedly
        blessing blessings blissfully bravo break_a_leg buzzin buzzing can_not_wait can_t_wait cannot_wait
        cant_wait captivating celebrat* champion* champs charm charming cheerful* cheering cheers cherish
        cherished cherishes come_on_you commendable congrats congratulat* congratz counting_down cracked_me_up
        cracks_me_up crushed_it crushing_it crying_laughing cute cutest cutie cuties da_bomb dazzl* delicious*
        divine* dope dopest dream_come dreamy dying_laughing empower* enchant* enthralling excellence excellent*
        excite excited excited_about excited_to excitedly excitement excites exciting exemplary exhilarat*
        exultant faultless fav fave faves favorite* favourite* favs feels_amazing festive fingers_crossed
        fired_up first_class first_rate five_star five_stars fun funnest funniest funny genius geniuses giddy
        giggl* glad glad_that glad_to glad_you gladly glee gleeful glorious* glory gnarly god_bless good_job
        good_luck good_stuff good_time good_times good_work grand grateful* gratitude gratz great great_day
        great_game great_job great_night great_show great_start great_stuff great_time great_to_be great_weekend
        great_win great_work greater greatest greatly greatness had_a_blast had_a_great had_so_much_fun hahaha*
        happier happiest happily happiness happy happy_anniversary happy_bday happy_birthday happy_easter
        happy_father happy_for happy_friday happy_halloween happy_holidays happy_monday happy_mother
        happy_new_year happy_saturday happy_sunday happy_thanksgiving happy_thursday happy_tuesday
        happy_valentines happy_wednesday happy_weekend hats_off having_a_blast having_a_great hbd heart_eyes
        heart_warming heartfelt heartwarming heaven heavenly_smell hero heroes heroic highly_recommend
        highly_recommended hilarious* hilarity honored honoured hooray huggable hurray hype hyped hyped_for
        i_love_it i_love_this i_love_you icon iconic idolize ilu ily ilysm immaculate impeccable impress
        impressed impresses impressive inspiration inspirational inspire inspired inspires inspiring invincible
        joking jolly jovial joy joyful* joyous joys jubilant jubilation kick_ass kickass kicks_ass killed_it
        killing_it kudos laudable laugh laughed laughing laughing_so_hard laughs laughter legend legends lets_go
        letsgo lit lit_af lmao lmaoo* lmfao lolol* look_forward lookin_forward looking_forward looking_fwd
        looks_forward lots_of_love lovable love love_being love_her love_him love_how love_it love_seeing
        love_that love_them love_this love_to love_u love_when loved loveliest lovely loves loves_me lovin
        loving luv luvs luvv* ly lysm made_me_happy made_me_laugh made_me_smile magic magical* majestic*
        makes_me_happy makes_me_laugh makes_me_smile merry merry_christmas mesmerising mesmerizing mouthwatering
        much_appreciated much_love much_needed_rest must_have must_read must_see must_watch nailed_it nice_job
        nice_work omg_yes on_fire on_fleek on_point paradise pleased_to praiseworthy pride_in pristine
        privileged props_to proud proud_of proudest proudly psyched psyched_for pumped pumped_for rad radiant
        rapturous ravishing ready_for ready_for_this recommend recommended recommends rejoice rejoices rejoicing
        resplendent revere rock_star rockstar* rofl roflmao scrumptious second_to_none sending_love shout_out_to
        shoutout_to sick_beat slay slayed slaying slays smile smiled smiles smiley smiling so_amazing
        so_beautiful so_blessed so_cool so_cute so_excited so_funny so_glad so_good so_grateful so_happy
        so_happy_for so_lit so_lucky so_much_fun so_nice so_pretty so_proud so_proud_of so_pumped so_ready
        so_sweet so_thankful so_worth so_worth_it sparkl* spellbinding splendid* stellar stoked stoked_for
        strongly_recommend superb superstar* swag sweet_victory sweetest sweetheart sweetie ta_muchly tasty
        terrific* thank_god thank_u thank_you thankful* thanking thanks thankyou thanx the_bomb the_shit thnks
        thnx thrill thrilled_to thrilling thrilling_finish thrills thx tks top_tier totally_worth treasured
        tremendous* triumph* ty tysm tyvm unbeatable unbelievable_talent unforgettable unmatched unparalleled
        unreal_performance unrivaled uplifting victories victorious victory wahoo way_to_go well_deserved
        well_done well_earned well_played well_worth whoop* win winner winners winning wins won woo_hoo woohoo*
        worship_the worth_every worth_it worth_the_wait wow wowza yaay* yass* yay yayy* yess* yippee yum yumm*
        2.7: bang_on buy_again chuffed could_not_be_happier could_not_be_more couldnt_agree_more
        couldnt_ask_for_more couldnt_be_happier couldnt_be_more definitely_buy did_the_trick dont_regret
        exceeded_expectations exceeded_my_expectations exceeds_expectations fits_a_treat in_no_time mind_at_ease
        never_been_better never_been_happier never_disappointed never_failed_me never_had_such never_let_me_down
        never_lets_me_down no_regrets no_trouble not_a_single_complaint not_a_single_failure took_no_time
        top_marks without_any_trouble wouldnt_change_a_thing wouldnt_trade
        2.5: abundant accolade accolades accomplish* ace_it aced achieve achieved achievement* achieves adept
        admirably affable agile airy alluring altruistic amaze amazed amazes amiable ample appeal_to appealing
        appetizing applaud* applause approachable as_well_done astonish astonished astonishing astound astounded
        astounding astute at_last attentive attractive attractive_price award award_winning awarded awards awe
        awe_inspiring awed awestruck babe beautify benefited benefiting benevolent besotted best_friend
        best_friends bestie besties bewitching bff big_time_win bighearted birthday blessed_to blew_me_away
        blown_away bolster boost boosted boosting bountiful brainy brave bravery breakthrough* brighten
        brightened brightens brilliantly brunch bubbly bug_free buzzer_beater calm calming cant_beat
        cant_complain cant_go_wrong carefree caring champagne champions championship_winning charismatic
        charitable charmed cheer_up cheered cheerily cheering_on chic chipper classy classy_move clean_sheet
        clever* clutch clutch_win cocktails comeback_win comely comfort comfortable comforted comforting comfy
        compassion* competent confidence confident congenial conquered conquering considerate consoled
        content_with contented convenient cool cooler coolest cordial cosy couldnt_ask_for courage courageous
        courteous* cozy creative creativity crispy_and crushing_on cuddl* cupcake* cutesy dapper darlin darling
        dashing dazzle dearest debonair decent dedicated dedication delectable delightfully dependable
        determined did_not_disappoint didnt_disappoint doesnt_disappoint doing_well dominant dominate dominated
        dominating down_to_earth durable easier easiest easily easy easy_going easygoing effective* efficient*
        effortless* elegance elegant* eloquent embrace embraced embraces empathetic enamored enamoured
        encourage* encouraging endearing energetic energized enjoy enjoyable enjoyed enjoying enjoyment enjoys
        enlighten enlightened enlightening enliven ennoble enraptured enrich enriched enriching entertained
        entertaining enthuse enthused equality error_free erudite exalt excel excelled excellently excels
        expert_at exult fabulously faithful faithfully fancy fantastic fantastically favor_of fearless
        feel_better feel_good feeling_better feeling_blessed feeling_good feeling_great feels_good feels_great
        finally fine finest finger_licking flavorful flavourful flourish* fortunate* fortune free freedom
        friendliness friendly friends friendship* friyay fulfil fulfill fulfilled fulfilling fulfillment
        game_winner game_winning gem gems generosity generous* genial genius_move get_well_soon gifted gleaming
        glitch_free gloriously going_well gold_medal gold_medalist good good_morning good_natured good_news
        good_night good_vibes goodhearted goodies goodmorning goodness goodnight goody gracefully gracious*
        gratified gratify gratifying great_news great_vibes gud haha hahah* handsome handy harmony hassle_free
        hat_trick head_over_heels heal healed healing healthier healthy heartened heartening hehe hehehe*
        helpful* heroically hihi holidays homemade honest_and honesty honey honor honorably honour hope_you
        hopeful* hospitable hospitality hottest hottie hug hugged hugging hugs humane idyllic improve improved
        improvement* improves improving in_form infatuated ingenious insightful intelligent inventive jewel
        joyfully justice_for kind kindest kindly kindly_helped kindness kiss kissed kisses kitten* knowledgeable
        laid_back lavish liberated liberating liberty lift_up lifted_my light_hearted lighthearted like_a_charm
        lively lol lols lolz long_lasting longlasting loving_it lovingly loyal loyalty luckiest luckily lucky
        magnificently man_of_the_match marvelously masterclass masterfully medal medals milestone* mind_blown
        motivate motivated motivates motivating motivation mouth_watering mvp neat never_disappoints
        never_fails_to nice nicely nicer nicest nifty no_complaints no_issues no_problem no_problems no_worries
        nobly not_bad not_bad_at_all not_too_bad nothing_but_praise nurture nurtured nurturing on_a_roll on_top
        open_minded openminded optimism optimistic opulent outdo outperform outshine ovation ovations overcame
        pain_free painless pamper pampered pampering partying passion passionate passionately peace peaceful*
        peppy perceptive perfecting perky phew philanthropic photogenic picturesque piping_hot playfully
        pleasant* please_with pleased pleasing pleasurable pleasure plush polished polite* posh_hotel positive*
        positivity pretty pretty_girl prevailed prize prizes professional_and proficient progress progressing
        promoted promotion prompt promptly prosper* protected puppies puppy quaint qualified qualify_for quick
        quickly radiantly recover recovered recovering refreshed refreshing rejuvenat* relax relaxation relaxed
        relaxes relaxing reliable relief relieved relieves remarkably replenish rescue_dog rescued resilient
        resourceful respectful restore_faith revitali* revived reward_yourself robust romance romance_is
        romantic roomy runs_smoothly safe safely satisf* saved_my savior saviour savory savvy scenic seamless*
        selfless serene* serenity sexiest sexy sharp_mind shrewd sincere* skilled skillful sleek slick smart
        smarter smartest smitten smooth smoother smoothly smoothly_run snazzy snuggl* solid solidarity soothe
        soothed soothing soulmate spacious speechless_in speedy spiffy splendidly spoiled_by spotless
        squeaky_clean stand_with standing_ovation strength strong stronger stud studious stun_the stunner
        stunningly sturdy stylish stylishly suave succeed succeeded succeeds success successes successful*
        succulent sumptuous sunny sunny_side sunshine superbly support supporter supporting supportive swanky
        sweet sweet_dreams sweetly sympathetic_ear tactful talent talented talents tasteful tender_and
        tenderhearted terrifically tgif they_won thoughtful thrive thriving tidy to_die_for together_we tolerant
        top_form top_of_the_league tranquil* treasure* treat treated_to treats tremendously trendy triumph
        triumphantly triumphed triumphs trophies trophy trouble_free trustworthy unbeaten undefeated united
        unity unstoppable unstoppable_form upbeat upgrade upgraded uplift uplifted useful user_friendly vacay
        versatile very_well vibrant victor vindicated walk_off warm_hearted warmest warmhearted warmly warmth
        waterproof_and we_win we_won weekend_vibes welcome welcomed welcoming welcoming_staff well_dressed
        well_groomed well_informed well_said went_well winning_streak wisdom wise wonderfully works_a_treat
        works_great works_like works_perfectly works_well worry_free wowed xd xo xoxo xx zesty
        2: accept acclaim* admire* advanced advantage* adventure adventurous affordable agree agreed alive
        alright amen amuse* amusing angelic anthem anticipat* approval approve* are_great arty await awaits awh
        aww awwh babes bae banger bangers bargain* be_awesome be_fun be_great beaut beautifully beauty_of_a
        belter beneficial benefit benefits best_of bestseller better bloom blooming blooms blossom* bonus* boo
        booming bop bops breezy bright brighter brightest bro_love brotherly buddies buddy campfire captivat*
        caring_for cheers_to chill chilled chillin chilling chirpy chuckle chuckled clap clapping claps
        classy_win comeback comedy_gold compelling compliment complimentary compliments concur corking cracker
        cracking crush crushes cutting_edge date_night debut delight delights delish deluxe deserved deserves
        deserving dignity dinner_date doing_great dream dreamland dreams dreamt eager* ease eases elated_by
        engaging enjoy_it enjoy_the enjoy_your enthusias* ethical excited_for fab fabby fair fairly_good
        fairness fanboying fangirling fantasy_team fascinat* favor favorable favourable feast feels_nice
        festivities fierce fireworks first_ever first_place fix_it_quickly fixed flattered flattering flirt
        foodie fortunate_to fragran* freebie* frisky fun_day fun_filled fun_night fun_to fun_with funky galore
        game_changer gamechanger generous gifts giveaway* glad_it glow glowing god_is_good good_afternoon
        good_day good_deal good_evening good_for_you good_idea good_one good_point good_to_see good_value
        gratefulness great_deal great_to_meet great_to_see great_value groove groovy guru had_fun hallelujah
        have_a_blessed have_a_good have_a_great have_a_nice have_a_wonderful have_fun having_fun heartily
        heck_yeah heck_yes help helped helpful_tip helping helps high_five high_quality highfive hilariously
        homecoming homey honeymoon hope hope_you_enjoy hope_you_have hopeful_that hopes hoping hot_chocolate
        how_fun humor humorous humour hunk i_need_this i_want_to_go innovation* innovative integrity interesting
        intrigu* is_awesome is_fun is_great jackpot jazzed join_us joke jokes joking_aside keen kickoff_party
        kindred kween lavender legit life_saver lifesaver lighten lively_crowd looks_good looks_great lovebirds
        lovely_day lovely_to lucky_me luscious lush luxurious luxury meet_you mellow mellow_mood memorable
        memories merit merriment miracle* more_fun my_baby my_boys my_girl my_girls my_heart my_hero my_idol
        my_jam my_love my_man nap_time naps newlyweds nice_and nice_day nice_one nice_to_have nice_to_meet
        nice_to_see nice_win no_1 noble notable noteworthy number_one oasis ok_great okay_cool okay_great
        optimist optimum outing pal pals paradise_found peach_of_a peachy perks picnic playful pleasures
        plentiful plus_side praise* praise_god praising prayers praying premium present_for pride productive
        profit* promoted_to proposal_accepted protected_by quality queen rainbow rainbows real_one reassure
        reassured reassuring receptive reconcile reconciled record_high recovery refund_received regained relish
        remarkable* remedy renewed resolve* resolved_quickly respect respected respectful_of respects responsive
        reunion reunited revel reward* romantic_dinner rosy royal saint sane_again satisfy savor see_u see_ya
        see_you_at see_you_in see_you_on see_you_soon see_you_there see_you_tomorrow serenity_now sexy_voice
        share_the_love shines shining shining_star shiny silver_lining sincerely slaps sleep_in slept_well
        smells_good snuggles so_fun soar* solution* solved solved_it sorted sounds_good sounds_great spa_day
        sparkle splendor spree stamina state_of_the_art steadfast stellar_job stoke stroll_in sunbathing sunrise
        sunset super_cute super_excited super_fun super_happy superb_show superior support_you supported
        supports supreme surge surprise_party surprised_me sweets sweetums swell swoon swooning sympathetic
        take_me_back talented_people tastes_good tenderness thanks_for this_song thriller_of thumbs_up treasures
        treat_yo_self treat_yourself trust trusted trusty truth ultimate ultra_cool unforgettable_night unwind
        upside valentine valiant valuable value_for_money vibe vibes vibing vibrant_city victoriously visionary
        warming was_awesome was_fun was_great wealth well well_being wellbeing wellness wholesome win_win
        winnable wisest wish_i_could_go wish_i_was_there wish_me_luck wish_you wishing wishing_you wit
        with_my_best with_my_favorite witty wonder wondrous working_now works_now worth_a worth_checking
        worth_reading worth_watching worthwhile worthy yas yeah yep yes_please youthful yummy_food yup zen zest
        1: accepted agrees backstage beach because_of_you believe_in bought_my care celebrity chocolate
        christmas classic* clean come_join come_see concert dance dances dancing date_with day_off days_off
        discover* faith family festival finally_going follow_back free_shipping friend front_row game_day
        game_night gameday get_to_see gift gig girls_night goal goals going_to_see gonna_see got_my_ticket
        got_tickets got_to_see grand_opening growing guys_night ha hah halloween holiday home_run homerun
        hopefully important invitation invite invited jk join kitty launch legit_good like liked likes liking
        lool* meet_and_greet movie_night music new_music omg opportunities opportunity party_at pizza pls_come
        popular positive pre_order prefer preferred premiere* preordered promising quite_good rather_good ready
        ready_to real_deal road_trip scored scores see_them_live shine sing singing snow_day special super td
        thanks_to thanksgiving tickets_to tomorrow_night tonight touchdown trending vacation wanna_see
        want_to_see wants_to_see weekend weekend_off wish wishes xmas yea
        """
}
