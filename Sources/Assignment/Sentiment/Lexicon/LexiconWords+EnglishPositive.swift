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
        3: a_blast a_great_time admirable admiration admire admired admires adorbs adored amped angel angels
        appreciat* bad_ass badass beauties beautiful* beauty beloved best best_of_luck best_wishes
        better_than_ever blast bless bless_you blessed blessedly blessing blessings bravo break_a_leg buzzin
        buzzing can_t_wait cannot_wait cant_wait celebrat* champion* champs charm charming cheerful* cheering
        cheers come_on_you congrats congratulat* congratz couldnt_be_happier crushed_it crushing_it cute cutest
        cutie cuties da_bomb dazzl* delicious* divine* dope dopest dreamy empower* enchant* excellence
        excellent* excite excited excitedly excitement excites exciting exhilarat* fav fave faves favorite*
        favourite* favs festive fingers_crossed fired_up fun funnest funniest funny genius geniuses giggl* glad
        gladly glorious* glory gnarly god_bless good_job good_luck good_time good_times good_work grand
        grateful* gratitude gratz great great_day great_job great_night great_time great_work greater greatest
        greatly greatness had_a_blast had_a_great had_so_much_fun hahaha* happier happiest happily happiness
        happy happy_anniversary happy_bday happy_birthday happy_easter happy_father happy_friday happy_halloween
        happy_holidays happy_monday happy_mother happy_new_year happy_saturday happy_sunday happy_thanksgiving
        happy_thursday happy_tuesday happy_valentines happy_wednesday happy_weekend hats_off having_a_blast
        having_a_great hbd heart_eyes heart_warming heartfelt heartwarming heaven hero heroes heroic
        highly_recommend highly_recommended hilarious* hilarity honored honoured hooray hurray hype hyped
        i_love_it i_love_this i_love_you icon iconic ilu ily ilysm impress impressed impresses impressive
        inspiration inspirational inspire inspired inspires inspiring joking jolly joy joyful* joyous joys
        kick_ass kickass kicks_ass killed_it killing_it kudos laugh laughed laughing laughs laughter legend
        legends lets_go letsgo lit lit_af lmao lmaoo* lmfao lolol* look_forward looking_forward looks_forward
        lots_of_love love love_her love_him love_it love_that love_them love_this love_u loved loveliest lovely
        loves lovin loving luv luvs luvv* ly lysm magic magical* majestic* merry merry_christmas mouthwatering
        much_appreciated much_love must_have must_read must_see must_watch nailed_it nice_job nice_work omg_yes
        on_fire on_fleek on_point paradise pride_in privileged props_to proud proudest proudly psyched pumped
        rad radiant ready_for_this recommend recommended recommends rock_star rockstar* rofl roflmao scrumptious
        sending_love shout_out_to shoutout_to sick_beat slay slayed slaying slays smile smiled smiles smiley
        smiling so_beautiful so_cool so_cute so_excited so_good so_happy so_lit so_much_fun so_proud so_pumped
        so_sweet so_worth sparkl* splendid* stellar stoked strongly_recommend superb superstar* swag sweetest
        sweetheart sweetie ta_muchly tasty terrific* thank_god thank_u thank_you thankful* thanking thanks
        thankyou thanx the_bomb the_shit thnks thnx thrill thrilling thrills thx tks totally_worth tremendous*
        triumph* ty tysm tyvm unbelievable_talent unforgettable unreal_performance uplifting victories
        victorious victory wahoo way_to_go well_deserved well_done well_played well_worth whoop* win winner
        winners winning wins won woo_hoo woohoo* worth_every worth_it worth_the_wait wow wowza yaay* yass* yay
        yayy* yess* yippee yum yumm*
        2.5: accomplish* achieve achieved achievement* achieves applaud* applause as_well_done at_last attentive
        attractive award award_winning awarded awards babe best_friend best_friends bestie besties bff birthday
        blessed_to boost boosted boosting brave bravery breakthrough* brunch calm calming cant_beat
        cant_complain cant_go_wrong caring champagne charmed chic classy clean_sheet clever* clutch cocktails
        comfort comfortable comforting comfy compassion* confidence confident content_with contented convenient
        cool cooler coolest cosy couldnt_ask_for courage courageous courteous* cozy creative creativity cuddl*
        cupcake* darling dashing dearest decent dedicated dedication dependable determined did_not_disappoint
        didnt_disappoint doesnt_disappoint doing_well dominant dominate dominated dominating easier easiest
        easily easy effective* efficient* effortless* elegance elegant* encourage* encouraging energetic
        energized enjoy enjoyable enjoyed enjoying enjoyment enjoys entertained entertaining equality faithful
        fancy fantastic favor_of fearless feel_better feel_good feeling_better feeling_blessed feeling_good
        feeling_great feels_good feels_great finally fine finest flourish* fortunate* fortune free freedom
        friendliness friendly friends friendship* friyay gem gems generosity generous* get_well_soon gifted
        going_well gold_medal good good_morning good_news good_night good_vibes goodies goodmorning goodness
        goodnight goody gracious* great_news great_vibes gud haha hahah* handsome handy harmony hat_trick heal
        healed healing healthier healthy hehe hehehe* helpful* hihi holidays honest_and honesty honey honor
        honour hope_you hopeful* hospitable hospitality hottest hottie hug hugged hugging hugs improve improved
        improvement* improves improving intelligent jewel justice_for kind kindest kindly kindness kiss kissed
        kisses kitten* liberated liberty like_a_charm lively lol lols lolz loyal loyalty luckiest luckily lucky
        medal milestone* motivated motivating motivation neat never_disappoints never_fails_to nice nicely nicer
        nicest nifty no_complaints no_issues no_problem no_problems no_worries not_bad not_bad_at_all
        not_too_bad nothing_but_praise optimism optimistic ovation partying passion passionate passionately
        peace peaceful* phew pleasant* pleased pleasing pleasurable pleasure polite* positive* positivity pretty
        pretty_girl prize prizes professional_and progress progressing prompt promptly prosper* protected
        puppies puppy quick quickly recover recovered recovering refreshed refreshing rejuvenat* relax
        relaxation relaxed relaxes relaxing reliable relief relieved relieves resilient respectful revitali*
        revived romance romantic runs_smoothly safe safely satisf* seamless* serene* serenity sexiest sexy
        sincere* skilled skillful sleek slick smart smarter smartest smooth smoother smoothly snuggl* solid
        solidarity soulmate speedy spoiled_by stand_with standing_ovation strength strong stronger stud stunner
        stylish succeed succeeded succeeds success successes successful* sunny sunshine support supporter
        supporting supportive sweet sweet_dreams talent talented talents tgif thoughtful thrive thriving
        together_we tranquil* treasure* treat treated_to treats trophy trustworthy unbeaten undefeated united
        unity unstoppable upgrade upgraded useful user_friendly vacay very_well vibrant warm_hearted warmest
        warmth weekend_vibes welcome welcomed welcoming well_said went_well wisdom wise works_a_treat
        works_great works_like works_perfectly works_well xd xo xoxo xx
        2: accept acclaim* admire* advanced advantage* affordable agree agreed alright amen amuse* amusing
        angelic anthem anticipat* approval approve* await awaits babes bae banger bangers bargain* beaut
        beautifully beneficial benefit benefits best_of better bloom blooming blossom* bonus* boo booming bop
        bops bright brighter brightest captivat* chill chilled chillin chilling comedy_gold compelling crush
        crushes cutting_edge debut deluxe deserved deserves deserving dignity dream dreams dreamt eager*
        engaging enthusias* ethical excited_for fair fairly_good fairness fascinat* favor favorable favourable
        fierce first_ever first_place fix_it_quickly fixed fragran* freebie* funky generous gifts giveaway* glow
        glowing god_is_good good_deal good_to_see good_value great_deal great_to_meet great_to_see great_value
        groovy hallelujah help helped helping helps high_quality hope hopes hoping humor humorous humour hunk
        innovation* innovative integrity interesting intrigu* join_us joke jokes keen kween lovely_day lovely_to
        luxurious luxury meet_you mellow memorable merit miracle* my_jam nice_to_meet nice_to_see no_1 noble
        notable noteworthy number_one ok_great okay_cool okay_great playful praise* praise_god praising prayers
        praying premium present_for profit* quality queen record_high remarkable* resolve* respect respected
        respects responsive reunion reunited reward* royal saint see_u see_ya see_you_soon see_you_there
        see_you_tomorrow share_the_love shines shining slaps soar* solution* solved sorted state_of_the_art
        superior supreme surge sweetums thanks_for this_song thriller_of trust trusted truth ultimate
        value_for_money vibe vibes vibing visionary well well_being wellbeing wellness wish_me_luck wish_you
        wishing_you wit witty working_now works_now worthy yas yeah yep yes_please yup
        1: accepted agrees beach believe_in care celebrity chocolate christmas classic* clean concert dance
        dances dancing discover* faith family festival follow_back friend gift gig goal goals grand_opening
        growing ha hah halloween holiday home_run homerun hopefully important invitation invite invited jk join
        kitty launch legit_good like liked likes liking lool* music new_music omg opportunities opportunity
        pizza pls_come popular positive prefer preferred premiere* promising quite_good rather_good ready
        real_deal scored scores shine sing singing special super td thanksgiving tomorrow_night tonight
        touchdown trending vacation wanna_see want_to_see wants_to_see weekend wish wishes xmas yea
        """
}
